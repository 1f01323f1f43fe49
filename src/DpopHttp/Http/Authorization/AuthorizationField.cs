using System.Net.Http.Headers;

namespace DpopHttp.Http.Authorization;

/// <summary>Writes a request's Authorization field as text, which the platform neither parses nor prints.</summary>
internal static class AuthorizationField
{
    private const string Name = "Authorization";

    /// <summary>Sets the field, or removes it for null; where it is as it should be already, nothing is touched.</summary>
    public static void Set(HttpRequestHeaders headers, string? value)
    {
        if (headers.NonValidated.TryGetValues(Name, out HeaderStringValues present))
        {
            if (value is not null && present.Count == 1 && present.ToString() == value)
            {
                return;
            }

            headers.Remove(Name);
        }

        if (value is not null)
        {
            headers.TryAddWithoutValidation(Name, value);
        }
    }

    /// <summary>Sets the field without looking at what is there, which may be an object that would have to be printed.</summary>
    public static void Replace(HttpRequestHeaders headers, string value)
    {
        headers.Remove(Name);
        headers.TryAddWithoutValidation(Name, value);
    }
}
