using System.Reflection;
using System.Reflection.PortableExecutable;

namespace Ablation.Tests.Architecture;

/// <summary>In a build that compiles ahead of time, the assemblies that it names have machine code, and their IL besides.</summary>
[Parallelizable]
public sealed class AheadTests
{
    [Test]
    public void The_named_assemblies_have_machine_code()
    {
        var named = typeof(AheadTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .SingleOrDefault(one => one.Key == "CompiledAhead")?.Value;
        if (named is null) Assert.Ignore("built without CompileAhead: a Debug build, or one for another system");
        var names = named.Split(';').Append("ablation").ToList();
        Assert.That(names, Does.Contain("Harness").And.Contain("TorchSharp").And.Contain("Tests"));
        Assert.That(names.Where(name => !HasMachineCode(name)), Is.Empty);
        Assert.That(HasMachineCode("Iced"), Is.False, "an assembly that nobody named");
    }

    private static bool HasMachineCode(string name)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll")));
        Assert.That(file.HasMetadata, name);
        return file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }
}
