using DpopHttp.TokenProcess;

// A process that uses tokens as an application would, to be started several times over, or killed.
//   call RESOURCE AUTHORITY CLIENT_ID KEY_FILE REDIS     see Calls; the client secret comes in the environment variable CLIENT_SECRET,
//                                                        and the path of a file of nonces, if there is to be one, in NONCES
//   call-patiently ...                                   the same, however long a busy machine lets it wait for Redis and for the file
//   save FILE                                            see Saves
switch (args)
{
    case ["call" or "call-patiently", string resource, string authority, string clientId, string keyFile, string redis]:
        await Calls.RunAsync(resource, authority, clientId, keyFile, redis, isPatient: args[0] == "call-patiently");
        return 0;
    case ["save", string path]:
        await Saves.RunAsync(path);
        return 0;
    default:
        Console.Error.WriteLine("usage: call|call-patiently RESOURCE AUTHORITY CLIENT_ID KEY_FILE REDIS | save FILE");
        return 2;
}
