namespace DpopHttp.Tokens.Tests.Sharing;

public class RedisHangsTests : OutageTests
{
    /// <summary>Worse than a Redis that is gone: connections stay open, and there is no error to go by.</summary>
    [Fact]
    public Task Redis_hangs_and_goes_on() => RunAsync(redis => redis.PauseAsync(), redis => redis.ResumeAsync());
}
