namespace DpopHttp.Tests.Docs;

/// <summary>The tables in docs/configuration.md have a row for every option, and say of it what the code does.</summary>
public class ConfigurationTableTests
{
    public static TheoryData<Type, string[]> Types => new()
    {
        { typeof(DpopOptions), DpopOptionsSection.Configurable },
        { typeof(DpopKeyOptions), DpopKeyOptionsSection.Configurable },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_option_has_a_row_that_says_where_it_can_be_set_and_its_default(Type type, string[] configurable) =>
        OptionsTable.AssertFits(type, Activator.CreateInstance(type)!, configurable);
}
