using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DpopHttp.Http.Bodies;

/// <summary>Knows the content types that give the same bytes each time they are sent.</summary>
internal static class Replayable
{
    private static readonly ConditionalWeakTable<Type, StrongBox<bool>> ReadsOnce = [];

    /// <summary>Exact types only: what a derived class or an unknown one does the second time cannot be known.</summary>
    public static bool IsReplayable(HttpContent? content) => content switch
    {
        null => true,
        JsonContent json => json.Value is null || !ReadsOnce.GetValue(json.Value.GetType(), t => new(MayBeUsedUp(t))).Value,
        _ when content.GetType() == typeof(StreamContent) => content.ReadAsStream().CanSeek,
        MultipartContent parts => IsKnownMultipart(parts.GetType()) && parts.All(IsReplayable),
        _ => IsKnown(content.GetType()),
    };

    private static bool IsKnown(Type type) =>
        type == typeof(ByteArrayContent) || type == typeof(StringContent) || type == typeof(FormUrlEncodedContent) || type == typeof(ReadOnlyMemoryContent);

    private static bool IsKnownMultipart(Type type) => type == typeof(MultipartContent) || type == typeof(MultipartFormDataContent);

    /// <summary>A sequence that is not a collection may be gone after its first enumeration.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "An interface that was trimmed away is none that the serializer enumerates by.")]
    private static bool MayBeUsedUp(Type type)
    {
        if (type == typeof(string))
        {
            return false;
        }

        Type[] generic = [.. type.GetInterfaces().Where(i => i.IsGenericType).Select(i => i.GetGenericTypeDefinition())];
        return HasAsyncSequence(type, [])
            || (type.IsAssignableTo(typeof(IEnumerable)) && !type.IsAssignableTo(typeof(ICollection))
                && !generic.Contains(typeof(ICollection<>)) && !generic.Contains(typeof(IReadOnlyCollection<>)));
    }

    /// <summary>Whether the type is a sequence that is read asynchronously, or has one in what is serialized with it.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A property that was trimmed away is none that the serializer reads.")]
    private static bool HasAsyncSequence(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return false;
        }

        if (type.GetInterfaces().Append(type).Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)))
        {
            return true;
        }

        // Of the framework's types only collections have what is the application's, as their elements.
        bool isFrameworks = type.Namespace is "System" || type.Namespace?.StartsWith("System.", StringComparison.Ordinal) == true;
        IEnumerable<Type> parts = type.HasElementType ? [type.GetElementType()!]
            : isFrameworks ? type.GenericTypeArguments
            : type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.PropertyType);
        return parts.Any(part => HasAsyncSequence(part, seen));
    }
}
