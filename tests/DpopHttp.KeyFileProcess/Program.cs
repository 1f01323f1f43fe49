using System.Globalization;
using DpopHttp.KeyFileProcess;

// A process that uses key files, and files of nonces, as an application would, to be started many times over, killed, or run where the disk is full.
//   open PATH | rotate PATH    waits for a line, or for the end of its input, and prints what Outcome says
//   churn DIRECTORY            makes and rotates keys until it is killed
//   save PATH NAME COUNT       waits as above, and saves nonces under so many names
switch (args)
{
    case ["open", string path]:
        Outcome.Print(path, file => file.Open());
        return 0;
    case ["rotate", string path]:
        Outcome.Print(path, file => file.Rotate());
        return 0;
    case ["churn", string directory]:
        Churn.Run(directory);
        return 0;
    case ["save", string path, string name, string count]:
        await Nonces.SaveAsync(path, name, int.Parse(count, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("usage: open PATH | rotate PATH | churn DIRECTORY | save PATH NAME COUNT");
        return 2;
}
