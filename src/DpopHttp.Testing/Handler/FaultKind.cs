namespace DpopHttp.Testing;

internal enum FaultKind
{
    Answer,
    RefuseAfterAccept,
    Hang,
    DropAfterBody,
    DropBeforeBody,
}
