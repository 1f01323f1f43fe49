namespace DpopHttp.Tests.Origins;

public enum NonceBound
{
    ToNobody,
    ToKey,
}
