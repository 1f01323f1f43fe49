using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>
/// A script that says in one line when it is ready, answers each line of stdin with one line, and ends when stdin closes: so it
/// ends with the test process, however that ends.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);

    private readonly string _script;
    private readonly Process _process;
    private readonly LastLines _errors = new();
    private readonly SemaphoreSlim _turn = new(1);

    private NodeProcess(string script, Process process)
    {
        _script = script;
        _process = process;
        _process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>What the script said when it was ready.</summary>
    public JsonElement Ready { get; private set; }

    /// <summary>Starts <c>node script config</c> and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">The script ended; the message has its last lines on stderr.</exception>
    /// <exception cref="TimeoutException">It was not ready in time.</exception>
    public static async Task<NodeProcess> StartAsync(string script, object? config = null)
    {
        NodeRequirement.Demand();
        UTF8Encoding encoding = new(encoderShouldEmitUTF8Identifier: false);
        ProcessStartInfo start = new("node")
        {
            ArgumentList = { script, JsonSerializer.Serialize(config ?? new(), Json) },
            WorkingDirectory = NodeRequirement.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = encoding,
            StandardOutputEncoding = encoding,
            StandardErrorEncoding = encoding,
        };
        // In production mode express-oauth2-jwt-bearer refuses an issuer on http.
        start.Environment["NODE_ENV"] = "test";

        NodeProcess node = new(script, Process.Start(start)!);
        try
        {
            node.Ready = await node.ReadAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one message and returns its answer.</summary>
    /// <exception cref="InvalidOperationException">The script ended.</exception>
    public async Task<JsonElement> AskAsync(object message)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(message, Json));
            return await ReadAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends a message that is answered with "ok", and throws when the answer is another.</summary>
    public async Task CommandAsync(object message)
    {
        JsonElement answer = await AskAsync(message);
        if (!answer.GetProperty("ok").GetBoolean())
        {
            throw new InvalidOperationException($"{_script} answered {answer}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(ExitTimeout);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
        _turn.Dispose();
    }

    private async Task<JsonElement> ReadAsync()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        try
        {
            return await line.WaitAsync(Patience) is { } json
                ? JsonSerializer.Deserialize<JsonElement>(json)
                : throw new InvalidOperationException(await DescribeEndAsync());
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_script} said nothing within {Patience.TotalSeconds} s. {_errors}");
        }
    }

    private async Task<string> DescribeEndAsync()
    {
        // Waiting for the end also waits for the last lines on stderr.
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return $"{_script} ended with code {_process.ExitCode}. {_errors}";
    }
}
