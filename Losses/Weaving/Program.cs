using Ablation.Weaving;

if (args is not [var source, var target])
{
    Console.Error.WriteLine("usage: Weaving SOURCE TARGET; reads an assembly at SOURCE and writes the rewritten one to TARGET");
    return 2;
}

try
{
    var methods = KeepAliveWeaver.Weave(source, target);
    Console.WriteLine($"{target}: {methods} methods keep their objects alive");
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or BadImageFormatException)
{
    Console.Error.WriteLine($"error: {source} could not be rewritten to {target}: {e.Message}");
    return 1;
}
