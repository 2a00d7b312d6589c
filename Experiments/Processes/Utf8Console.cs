using System.Text;

namespace Ablation.Experiments.Processes;

/// <summary>Makes this program's output the same bytes on every system: UTF-8 with line feeds.</summary>
internal static class Utf8Console
{
    /// <summary>On Windows the console is in the code page of its language otherwise, and names outside it become question marks. Its
    /// code page is put back at the end.</summary>
    public static void Open()
    {
        if (OperatingSystem.IsWindows())
        {
            var before = Console.OutputEncoding;
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.OutputEncoding = before;
        }

        Console.Out.NewLine = "\n";
        Console.Error.NewLine = "\n";
    }
}
