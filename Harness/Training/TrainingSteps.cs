using Ablation.Harness.Batches;

namespace Ablation.Harness.Training;

/// <summary>Counts the optimiser steps of a training, and explains why a number of images allows none.</summary>
public static class TrainingSteps
{
    private const double Rounding = 1e-9; // of products of fractions of an epoch

    /// <summary>Returns the images per micro-batch.</summary>
    public static int MicroBatch(TrainingOptions training) => Math.Max(1, training.Batch / training.Accumulate);

    /// <summary>Returns the micro-batches per epoch.</summary>
    public static int MicroBatches(TrainingOptions training, int images) => Order(training, images).StepsPerEpoch;

    /// <summary>Returns the images of the last micro-batch of an epoch, the smallest one.</summary>
    public static int LastMicroBatch(TrainingOptions training, int images)
    {
        var order = Order(training, images);
        return order.StepsPerEpoch == 0 ? 0 : order.SizeOf(order.StepsPerEpoch - 1);
    }

    /// <summary>Counts the optimiser steps of the whole training.</summary>
    /// <param name="microBatches">Per epoch. A step sums <see cref="TrainingOptions.Accumulate"/> of them, if necessary across the end of
    /// an epoch.</param>
    public static long Count(TrainingOptions training, int microBatches) =>
        (long)Math.Floor(training.Epochs * PerEpoch(training, microBatches));

    /// <summary>Returns the optimiser steps per epoch, which may have a fraction.</summary>
    public static double PerEpoch(TrainingOptions training, int microBatches) => (double)microBatches / training.Accumulate;

    /// <summary>
    /// Returns why a number of images gives no step, or none at the base rate, and how to change that; null if it does. With epochs 0, the
    /// untrained network, no step is needed.
    /// </summary>
    /// <param name="images">Per epoch.</param>
    public static string? Problem(TrainingOptions training, int images)
    {
        var micro = MicroBatch(training);
        var cut = training.Accumulate == 1 ? "" : $" (batch {training.Batch} in {training.Accumulate} micro-batches)";
        if (training.DropLast && images < micro)
            return $"{images} images do not fill one batch of {micro}{cut}; lower batch to {Largest(images, training.Accumulate)}" +
                (training.Batch > 2 * training.Accumulate ? ", or raise accumulate" : "");
        if (training.Epochs == 0) return null;
        if (LastMicroBatch(training, images) == 1)
            return $"{images} images in batches of {micro} leave a last batch of one image, which has no batch statistics; change batch, " +
                "or set dropLast to true";
        var perEpoch = MicroBatches(training, images);
        var steps = Count(training, perEpoch);
        if (steps == 0)
        {
            return $"{images} images make {perEpoch} micro-batches of {micro} per epoch, {(long)training.Epochs * perEpoch} in " +
                $"{training.Epochs} epochs, and one optimiser step takes " +
                $"{training.Accumulate}{cut}: the training would have no step; lower batch to " +
                $"{Largest(images, training.Accumulate)}, or raise epochs to {Least(training.Accumulate, perEpoch)}";
        }

        var warmUp = training.WarmUpEpochs * PerEpoch(training, perEpoch);
        return warmUp <= steps + Rounding
            ? null : $"warmUpEpochs {training.WarmUpEpochs} are {warmUp:0.##} optimiser steps, and {images} images give {steps} in " +
                $"{training.Epochs} epochs{cut}: the base rate is never reached; lower warmUpEpochs";
    }

    private static EpochOrder Order(TrainingOptions training, int images) =>
        new(images, MicroBatch(training), training.DropLast, Seed: 0);

    /// <summary>Returns the largest batch that one epoch fills, in micro-batches of at least two images.</summary>
    private static int Largest(int images, int accumulate) => Math.Max(2, images / accumulate) * accumulate;

    private static int Least(int accumulate, int perEpoch) => (accumulate + perEpoch - 1) / perEpoch;
}
