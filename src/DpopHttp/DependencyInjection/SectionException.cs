using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>A configuration section doesn't say what its options need.</summary>
internal sealed class SectionException(string section, Type options, IEnumerable<string> faults) : OptionsValidationException(section, options, faults);
