using Ablation.Experiments.Commands;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Terminal;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Commands;

/// <summary>The keys of <c>watch</c>.</summary>
public sealed class WatchKeysTests
{
    private static readonly StatusLimits Limits = new(TerminalLook.OfFile, 5, 3);

    [Test]
    public void Each_key_shows_and_hides_what_it_stands_for()
    {
        using var made = new HandMadeSuite();
        made.Begin("Softmax", 1, "a", HandMadeSuite.Now);
        File.WriteAllText(made.Files("Softmax", 1).Log, "one\ntwo\n");
        made.Finish("Softmax", 2);
        var pressed = new Queue<char>();
        var keys = new WatchKeys(() => pressed.TryDequeue(out var key) ? key : null);
        Assert.That(keys.Read(), Is.False, "nothing was pressed");
        Assert.That(keys.Logs(made.Read()), Is.Empty);

        pressed.Enqueue('l');
        Assert.That(keys.Read(), Is.True);
        Assert.That(keys.Logs(made.Read()),
            Is.EqualTo(new[] { $"log of Softmax, seed 1 ({made.Id("Softmax", 1)})", "    | one", "    | two" }));
        Assert.That(keys.Apply(Limits).Failures, Is.EqualTo(5));

        foreach (var key in "lfx") pressed.Enqueue(key);
        Assert.That((keys.Read(), keys.IsQuit), Is.EqualTo((true, false)));
        Assert.That(keys.Logs(made.Read()), Is.Empty);
        Assert.That(keys.Apply(Limits).Failures, Is.EqualTo(int.MaxValue));

        pressed.Enqueue('q');
        Assert.That((keys.Read(), keys.IsQuit), Is.EqualTo((true, true)));
    }
}
