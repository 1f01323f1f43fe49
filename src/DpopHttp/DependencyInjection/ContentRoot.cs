using System.Reflection;

namespace DpopHttp;

/// <summary>Where relative paths start.</summary>
internal static class ContentRoot
{
    /// <summary>The host's content root; without a host, the working directory.</summary>
    public static string Find(IServiceProvider services)
    {
        // By name: a library for HttpClient doesn't bring the hosting package along. The literals let the trimmer keep what is used.
        Type? type = Type.GetType("Microsoft.Extensions.Hosting.IHostEnvironment, Microsoft.Extensions.Hosting.Abstractions");
        PropertyInfo? property = type?.GetProperty("ContentRootPath");
        object? environment = type is null ? null : services.GetService(type);
        string? path = environment is null ? null : property?.GetValue(environment) as string;
        return Path.GetFullPath(string.IsNullOrEmpty(path) ? "." : path);
    }
}
