using System.Net.Http.Json;
using System.Text.Json;
using DpopHttp.Http.Bodies;

namespace DpopHttp.Tests.Docs;

/// <summary>The table of docs/bodies.md says of each content type whether it is sent again.</summary>
public class BodiesPageTests
{
    private static readonly Dictionary<string, HttpContent[]> Samples = new()
    {
        ["`ByteArrayContent`, `StringContent`, `FormUrlEncodedContent`, `ReadOnlyMemoryContent`"] =
        [
            new ByteArrayContent([1]), new StringContent("a"), new FormUrlEncodedContent([KeyValuePair.Create("a", "b")]), new ReadOnlyMemoryContent(new byte[1]),
        ],
        ["`JsonContent` of an object or a collection"] = [JsonContent.Create(new { A = 1 }), JsonContent.Create(new List<int> { 1 }), JsonContent.Create("a")],
        ["`JsonContent` of an `IAsyncEnumerable`, of an object that has one, or of a sequence that isn't a collection"] =
        [
            JsonContent.Create(AsyncEnumerable.Range(1, 2)), JsonContent.Create(new { Rows = AsyncEnumerable.Range(1, 2) }),
            JsonContent.Create(new[] { new { Page = new { Rows = AsyncEnumerable.Range(1, 2) } } }), JsonContent.Create(JsonDocument.Parse("[1]").RootElement.EnumerateArray().Select(e => e.GetInt32())),
        ],
        ["`StreamContent` over a stream that can seek, such as a file"] = [new StreamContent(new MemoryStream([1]))],
        ["`StreamContent` over any other stream"] = [new StreamContent(new Support.OneShotStream([1]))],
        ["`MultipartContent`, `MultipartFormDataContent`"] =
        [
            new MultipartContent { new StringContent("a") }, new MultipartFormDataContent { new StreamContent(new MemoryStream([1])) },
        ],
    };

    public static TheoryData<string, string> Rows
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string[] row in Page.Read("docs/bodies.md").Rows("Which bodies are sent again"))
            {
                rows.Add(row[0], row[1]);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_body_is_sent_again_or_read_once_as_its_row_says(string body, string isSentAgain) =>
        Assert.All(Samples[body], content => Assert.Equal(isSentAgain.StartsWith("Always", StringComparison.Ordinal), Replayable.IsReplayable(content)));

    [Fact]
    public void Other_types_and_multiparts_with_a_part_that_is_read_once_are_read_once()
    {
        Assert.False(Replayable.IsReplayable(new MultipartContent { new StreamContent(new Support.OneShotStream([1])) }));
        Assert.False(Replayable.IsReplayable(new Derived()));
        Assert.Equal(Samples.Count, Rows.Count);
    }

    private sealed class Derived() : StringContent("a");
}
