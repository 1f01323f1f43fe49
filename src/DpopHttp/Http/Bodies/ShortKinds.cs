using System.Runtime.CompilerServices;

namespace DpopHttp.Http.Bodies;

/// <summary>
/// Remembers the types of content, of unknown length, whose last body ended within the copy: the next one of the type is taken to be as short, and goes
/// out without asking the server first.
/// </summary>
internal sealed class ShortKinds
{
    private readonly ConditionalWeakTable<Type, StrongBox<bool>> _kinds = [];

    public bool Contains(HttpContent content) => _kinds.TryGetValue(content.GetType(), out StrongBox<bool>? isShort) && Volatile.Read(ref isShort.Value);

    /// <summary>Notes how a body ended; null: it has not.</summary>
    public void Note(HttpContent content, bool? endedWithinCopy)
    {
        if (endedWithinCopy is { } isShort && Contains(content) != isShort)
        {
            Volatile.Write(ref _kinds.GetValue(content.GetType(), static _ => new StrongBox<bool>()).Value, isShort);
        }
    }
}
