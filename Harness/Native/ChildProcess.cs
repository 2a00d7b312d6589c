using System.Diagnostics;
using System.Text;

namespace Ablation.Harness.Native;

/// <summary>
/// How another program is started, if it does not share the console: all three streams are pipes in UTF-8. Nothing is inherited: a child
/// that held the supervised trial's own standard input could wait on it for ever on Windows, which does one operation on a pipe at a time.
/// </summary>
public static class ChildProcess
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Returns the description of a start. On Windows the child gets no window and no part in this console, so Ctrl-C does not
    /// reach it.</summary>
    public static ProcessStartInfo Describe(string program, IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = Utf8,
        StandardOutputEncoding = Utf8,
        StandardErrorEncoding = Utf8,
        CreateNoWindow = true,
    };

    /// <summary>Starts a program that reads no input.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It is missing or cannot be started.</exception>
    public static Process StartWithoutInput(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it has ended already
        }

        return process;
    }
}
