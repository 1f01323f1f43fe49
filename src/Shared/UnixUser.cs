namespace DpopHttp.Shared;

/// <summary>Whom this process acts as, on Linux and macOS.</summary>
internal static class UnixUser
{
    private const uint Root = 0;

    public static uint Id => UnixCalls.GetUser();

    public static bool IsRoot => Id == Root;

    /// <summary>Root may do anything anyway, so that what it owns is as safe as what this user owns.</summary>
    public static bool Trusts(uint owner) => owner == Root || owner == Id;

    public static bool OwnedByRoot(UnixStatus status) => status.Owner == Root;

    /// <summary>Whether the process has the rights of a group.</summary>
    public static bool IsIn(uint group)
    {
        if (UnixCalls.GetGroup() == group)
        {
            return true;
        }

        uint[] groups = new uint[Math.Max(0, UnixCalls.GetGroups(0, []))];
        int count = UnixCalls.GetGroups(groups.Length, groups);
        return groups.AsSpan(0, Math.Max(0, count)).Contains(group);
    }

    /// <summary>
    /// Whether the group is this user's own, in which nobody else is: by the convention of Linux systems and of container platforms, the one with the
    /// user's number.
    /// </summary>
    public static bool HasPrivateGroup(uint group) => group != Root && group == Id && IsIn(group);
}
