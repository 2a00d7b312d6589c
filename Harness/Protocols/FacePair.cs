namespace Ablation.Harness.Protocols;

/// <summary>Two images of a protocol (indices into its image list), whether they show one identity, and the fold 0 .. Folds-1.</summary>
public readonly record struct FacePair(int First, int Second, bool Same, int Fold);
