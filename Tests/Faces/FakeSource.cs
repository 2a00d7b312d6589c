using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Tests.Faces;

/// <summary>Pictures of noise; image i has class i % classes. Counts reads and may have bad pictures.</summary>
internal sealed class FakeSource(int count, int classes, int side = 12) : FaceSource
{
    private int reads;

    public HashSet<int> Bad { get; init; } = [];

    /// <summary>Images whose class does not exist in the set.</summary>
    public HashSet<int> Mislabelled { get; init; } = [];

    /// <summary>Called before each read with the number of reads so far.</summary>
    public Action<int>? OnRead { get; init; }

    /// <summary>Called when a picture is read ahead; null if the source does not support it.</summary>
    public Action<int>? OnTouch { get; init; }

    public override bool Touch(int index)
    {
        OnTouch?.Invoke(index);
        return OnTouch is not null;
    }

    /// <summary>The fingerprint; null to forbid the cache on disk.</summary>
    public string? Print { get; init; }

    public override string? Fingerprint => Print;

    public int Reads => Volatile.Read(ref reads);

    public bool Disposed { get; private set; }

    public override string Name => "fake";

    public override int Count => count;

    public override int Identities => classes;

    public override LabelledFace Read(int index)
    {
        var read = Interlocked.Increment(ref reads);
        OnRead?.Invoke(read);
        if (Bad.Contains(index)) throw new DataProblem(Locate(index), "it is bad", "there is no cure");
        return new LabelledFace(Picture(index, side), Mislabelled.Contains(index) ? classes : index % classes);
    }

    public override int IdentityOf(int index) => index % classes;

    public override string Locate(int index) => $"fake@{index}";

    public override void Dispose()
    {
        Disposed = true;
        base.Dispose();
    }

    public static FaceImage Picture(int number, int side) => Picture(number, side, side);

    public static FaceImage Picture(int number, int width, int height)
    {
        var random = new Random(number);
        var rgb = new byte[width * height * 3];
        random.NextBytes(rgb);
        return new FaceImage(width, height, rgb);
    }
}
