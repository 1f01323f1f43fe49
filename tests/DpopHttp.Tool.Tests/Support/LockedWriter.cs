namespace DpopHttp.Tool.Tests.Support;

/// <summary>Text that one thread writes while another reads it.</summary>
internal sealed class LockedWriter : StringWriter
{
    public override void Write(char value)
    {
        lock (this)
        {
            base.Write(value);
        }
    }

    public override void Write(string? value)
    {
        lock (this)
        {
            base.Write(value);
        }
    }

    public override void Write(char[] buffer, int index, int count)
    {
        lock (this)
        {
            base.Write(buffer, index, count);
        }
    }

    public override void WriteLine(string? value)
    {
        lock (this)
        {
            base.WriteLine(value);
        }
    }
}
