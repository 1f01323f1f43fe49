using DpopHttp.Tests.Docs;
using DpopHttp.Tokens.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Docs;

public class TokenOptionsTableTests
{
    [Theory]
    [InlineData(typeof(DpopTokenOptions))]
    [InlineData(typeof(DpopRefreshTokenOptions))]
    public void Every_option_has_a_row_that_says_where_it_can_be_set_and_its_default(Type type) =>
        OptionsTable.AssertFits(type, new DpopRefreshTokenOptions(), TokenConfiguration.Configurable);

    [Fact]
    public void So_has_the_option_of_a_token_source() => OptionsTable.AssertFits(typeof(DpopTokenSourceOptions), new DpopTokenSourceOptions(), []);
}
