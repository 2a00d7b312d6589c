using System.CommandLine;
using Ablation.Experiments.Commands;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Commands;

/// <summary>Which suite and which part of it a command line means.</summary>
[Parallelizable]
public sealed class SuiteChoiceTests
{
    private readonly TemporaryFolder folder = new();
    private string suite = null!;

    [OneTimeSetUp]
    public void Make()
    {
        suite = folder.File("own.jsonc");
        File.WriteAllText(suite, SuiteText.Good.Replace("[16]", "[16, 32]", StringComparison.Ordinal));
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [TestCase("--losses Arc*", 4, "ArcFace")]
    [TestCase("--losses ArcFace untrained", 8, "untrained|ArcFace")]
    [TestCase("--losses S*", 4, "Softmax")]
    [TestCase("--conditions *32?px*", 6, "untrained|Softmax|ArcFace")]
    [TestCase("--conditions Small,?16?px --losses Softmax --seeds 5", 1, "Softmax")]
    [TestCase("--set losses.ArcFace.scale=8,16 --losses *scale?8*", 4, "ArcFace (scale 8)")]
    public void Patterns_choose_losses_and_conditions(string line, int trials, string labels)
    {
        var (_, chosen) = Parse(line).Read();
        Assert.That(string.Join('|', chosen.Select(trial => trial.Label).Distinct()), Is.EqualTo(labels));
        Assert.That(chosen, Has.Count.EqualTo(trials));
    }

    [TestCase("--losses Arcface", "--losses Arcface: not in own; did you mean ArcFace?")]
    [TestCase("--losses X*", "--losses X*: not in own; known: untrained, Softmax, ArcFace")]
    [TestCase("--conditions nowhere", "--conditions nowhere: not in own; known: Small, 16 px, Small, 32 px")]
    [TestCase("--set trainings.epochs=1 trainings.epochs=2", "--set trainings.epochs trainings.epochs: trainings.epochs is given twice")]
    public void What_is_not_there_is_refused(string line, string message) =>
        Assert.That(() => Parse(line).Read(), Throws.Exception.With.Message.StartsWith(message));

    [Test]
    public void Another_process_gets_the_same_choice()
    {
        const string line = "--set trainings.epochs=3 losses.ArcFace.scale=8 --seeds 4 5 --losses ArcFace --conditions *16*";
        var choice = Parse(line);
        Assert.That(choice.Arguments(), Is.EqualTo(line.Split(' ')));
        Assert.That(Parse(string.Join(' ', choice.Arguments())).Read().Trials.Select(trial => trial.Spec.Id()),
            Is.EqualTo(choice.Read().Trials.Select(trial => trial.Spec.Id())));
        Assert.That(StatusCommand.Run(choice with { Name = "own" }), Is.EqualTo(
            "ablation run own --set trainings.epochs=3 losses.ArcFace.scale=8 --seeds 4 5 --losses ArcFace --conditions \"*16*\""));
    }

    private SuiteChoice Parse(string line)
    {
        var (options, command) = (new SuiteOptions(), new Command("x"));
        options.AddTo(command);
        return options.Read(command.Parse([suite, .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
    }
}
