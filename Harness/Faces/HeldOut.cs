using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>
/// One side of a set of faces that is split by identity: those held out, or the rest. Both sides of one source, share and seed together are
/// the whole set and share no identity, so a choice made on the held side does not depend on people of the other side.
/// </summary>
[Description("The identities of another source that are held out, or the rest of them: a split for validation")]
public sealed record HeldOutOptions : SourceOptions
{
    [Required, Description("The source that is split")]
    public required SourceOptions Of { get; init; }

    [Description("Share of the identities that are held out; each side has at least two"),
        Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Share { get; init; } = 0.2;

    [Description("Draws the identities")]
    public int Seed { get; init; }

    [Description("true: the identities held out; false: the rest")]
    public bool Held { get; init; }

    public override FaceSource Open(DataRoot data)
    {
        CheckedOptions.Of(this);
        var whole = Of.Open(data);
        try
        {
            return new HeldOutSource(this, whole);
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }
}

/// <summary>One side of the split. Labels are numbered anew, in the order of the whole set's.</summary>
internal sealed class HeldOutSource : PartSource
{
    private const int Fewest = 2; // identities per side: fewer have neither a loss nor a pair of two people

    /// <exception cref="DataProblem">The whole set has too few identities for two sides.</exception>
    public HeldOutSource(HeldOutOptions options, FaceSource whole) : base(whole)
    {
        Name = options.Held ? $"{whole.Name}, held out" : $"{whole.Name} without those held out";
        if (whole.Identities < 2 * Fewest)
            throw new DataProblem(whole.Name, $"{whole.Identities} identities cannot be split in two sides",
                $"take a source of {2 * Fewest} or more");
        int[] order = [.. Enumerable.Range(0, whole.Identities)];
        new RandomStream(options.Seed, StreamPurpose.HeldOutIdentities).Shuffle(order);
        var heldOut = Math.Clamp((int)Math.Floor(options.Share * whole.Identities + 0.5), Fewest, whole.Identities - Fewest);
        Kept = [.. (options.Held ? order[..heldOut] : order[heldOut..]).Order()];
        var numbers = Kept.Index().ToDictionary(one => one.Item, one => one.Index);
        Images = [.. Enumerable.Range(0, whole.Count).Where(image => numbers.ContainsKey(whole.IdentityOf(image)))];
        Labels = [.. Images.Select(image => numbers[whole.IdentityOf(image)])];
        if (Images.Length == 0)
            throw new DataProblem(whole.Name, "the identities of one side have no image", "choose another share or seed");
    }

    public override string Name { get; }
}
