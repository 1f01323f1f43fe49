namespace DpopHttp.Tokens.Tests.Sharing;

public class RedisGoneTests : OutageTests
{
    [Fact]
    public Task Redis_is_killed_and_comes_back() => RunAsync(redis => redis.KillAsync(), redis => redis.RestartAsync());
}
