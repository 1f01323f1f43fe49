using System.Net;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Http.Attempts;

public class OneMessageManyThreadsTests
{
    [Fact]
    public async Task Of_two_threads_that_send_one_message_each_time_one_sends_or_both_one_after_the_other()
    {
        int inFlight = 0, overlaps = 0, withoutProof = 0;
        StubHandler server = new(request =>
        {
            bool isAlone = Interlocked.Increment(ref inFlight) == 1;
            Thread.Yield();
            _ = isAlone && Volatile.Read(ref inFlight) == 1 ? 0 : Interlocked.Increment(ref overlaps);
            _ = request.Headers.TryGetValues("DPoP", out IEnumerable<string>? proofs) && proofs.Count() == 1 ? 0 : Interlocked.Increment(ref withoutProof);
            Interlocked.Decrement(ref inFlight);
            return new HttpResponseMessage(HttpStatusCode.OK);
        });
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server);
        int refused = 0, changed = 0;
        for (int i = 0; i < 10_000; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer opaque");
            using Barrier barrier = new(2);
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                barrier.SignalAndWait();
                try
                {
                    using HttpResponseMessage response = client.Send(request, CancellationToken.None);
                }
                catch (DpopException exception) when (exception.Code == DpopErrorCodes.RequestInUse)
                {
                    Interlocked.Increment(ref refused);
                }
            })));
            changed += request.Headers.NonValidated["Authorization"].ToString() == "Bearer opaque" && request.Headers.Count() == 1 ? 0 : 1;
        }

        Assert.Equal((0, 0, 0), (overlaps, withoutProof, changed));
        Assert.Equal(20_000, server.Proofs.Count + refused);
        Assert.True(refused > 0, "The threads never met.");
    }
}
