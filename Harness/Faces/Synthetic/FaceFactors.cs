using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>
/// What makes a synthetic person. Lengths are in half-picture units of an upright, frontal face: x to the right, y down,
/// the middle of the face at the origin. Colours 0 .. 1.
/// </summary>
internal sealed record FaceFactors
{
    public float HeadWidth { get; private init; }       // half width at the cheeks
    public float HeadTop { get; private init; }         // height above the middle
    public float HeadBottom { get; private init; }      // depth below it, to the chin
    public float JawSquare { get; private init; }       // share of the square (L4) outline in the lower half
    public float JawPointed { get; private init; }      // share of the pointed (L1) outline
    public Colour Skin { get; private init; }
    public Colour Hair { get; private init; }
    public Colour Iris { get; private init; }
    public Colour Lips { get; private init; }
    public float EyeX { get; private init; }            // distance of each eye from the middle line
    public float EyeY { get; private init; }
    public float EyeWidth { get; private init; }        // half width
    public float EyeHeight { get; private init; }       // half height, open
    public float EyeSlant { get; private init; }        // outer corner up when positive
    public float SocketDepth { get; private init; }
    public float BrowHeight { get; private init; }      // above the eye
    public float BrowThickness { get; private init; }
    public float BrowLength { get; private init; }      // half length
    public float BrowSlant { get; private init; }
    public float BrowArch { get; private init; }
    public float BrowDark { get; private init; }        // coverage
    public float NoseTip { get; private init; }         // y
    public float NoseWidth { get; private init; }       // half width at the nostrils
    public float NoseBridge { get; private init; }      // half width of the ridge
    public float NoseRelief { get; private init; }
    public float MouthY { get; private init; }
    public float MouthWidth { get; private init; }      // half width
    public float UpperLip { get; private init; }
    public float LowerLip { get; private init; }
    public float EarSize { get; private init; }
    public float EarOut { get; private init; }
    public float HairLine { get; private init; }        // y at the middle line
    public float HairCorners { get; private init; }     // how far the line climbs (positive) or falls towards the temples
    public float HairParting { get; private init; }     // slope of the fringe
    public float HairVolume { get; private init; }      // beyond the head
    public float HairLength { get; private init; }      // y at which the sides end
    public float HairCurl { get; private init; }        // scale of the strands
    public float Beard { get; private init; }           // coverage of cheeks and chin
    public float Moustache { get; private init; }
    public float Freckles { get; private init; }
    public float Age { get; private init; }             // depth of folds
    public float GlassesHabit { get; private init; }    // probability in any one picture
    public float TextureX { get; private init; }        // where in the texture this person's skin lies
    public float TextureY { get; private init; }
    public (float X, float Y, float Size)[] Marks { get; private init; } = [];

    /// <summary>Draws person <paramref name="identity"/> of the family of <paramref name="seed"/>.</summary>
    /// <param name="seed">The family.</param>
    /// <param name="identity">Any number.</param>
    /// <param name="strength">Scales every distance from the average person; 1 is the designed variety.</param>
    public static FaceFactors Draw(long seed, long identity, double strength)
    {
        var stream = new RandomStream(seed, StreamPurpose.SyntheticIdentity, identity);
        float Around(double mean, double deviation) => (float)(mean + strength * deviation * stream.NextBell());
        float AtLeast(double least, double mean, double deviation) => Math.Max((float)least, Around(mean, deviation));
        float Share(double mean, double deviation) => Math.Clamp(Around(mean, deviation), 0f, 1f);
        float Unit() => (float)stream.NextUnit();

        var tone = Share(0.38, 0.27);
        var skin = Palette.Skin(tone, Around(0, 0.5));
        var feminine = Unit();
        var eyeY = Around(-0.10, 0.03);
        return new FaceFactors
        {
            HeadWidth = AtLeast(0.48, 0.64, 0.045),
            HeadTop = Around(0.80, 0.04),
            HeadBottom = AtLeast(0.68, 0.86, 0.05),
            JawSquare = Share(0.24, 0.17),
            JawPointed = Share(0.14, 0.13) * 0.8f,
            Skin = skin,
            Hair = Palette.Hair(Share(0.62 - 0.5 * tone, 0.26), Unit(), Unit()),
            Iris = Palette.Iris(Share(0.75 - 0.8 * tone, 0.35)),
            Lips = Palette.Lips(skin, Share(0.35 + 0.3 * feminine, 0.25)),
            EyeX = Around(0.295, 0.022),
            EyeY = eyeY,
            EyeWidth = AtLeast(0.08, 0.130, 0.013),
            EyeHeight = AtLeast(0.022, 0.052, 0.011),
            EyeSlant = Around(0.06, 0.09),
            SocketDepth = AtLeast(0, 0.22, 0.12),
            BrowHeight = AtLeast(0.09, 0.165, 0.026),
            BrowThickness = AtLeast(0.010, 0.030, 0.011),
            BrowLength = AtLeast(0.10, 0.185, 0.022),
            BrowSlant = Around(0.05, 0.11),
            BrowArch = AtLeast(0, 0.035, 0.025),
            BrowDark = AtLeast(0.2, 0.72, 0.2),
            NoseTip = Around(0.235, 0.04),
            NoseWidth = AtLeast(0.07, 0.135, 0.026),
            NoseBridge = AtLeast(0.035, 0.065, 0.013),
            NoseRelief = AtLeast(0.2, 0.8, 0.3),
            MouthY = Around(0.515, 0.035),
            MouthWidth = AtLeast(0.13, 0.235, 0.032),
            UpperLip = AtLeast(0.008, 0.036, 0.014),
            LowerLip = AtLeast(0.012, 0.050, 0.017),
            EarSize = AtLeast(0.08, 0.15, 0.025),
            EarOut = Around(0.03, 0.025),
            HairLine = Unit() < 0.08 * strength ? -0.95f : Around(-0.52, 0.09),
            HairCorners = Around(0.05, 0.17),
            HairParting = Around(0, 0.14),
            HairVolume = AtLeast(0.01, 0.07 + 0.06 * feminine, 0.05),
            HairLength = feminine > 0.55 ? Around(0.75, 0.35) : Around(-0.22, 0.14),
            HairCurl = AtLeast(2, 9, 4),
            Beard = feminine > 0.5 ? 0 : Share(0.12, 0.35),
            Moustache = feminine > 0.5 ? 0 : Share(0.12, 0.38),
            Freckles = AtLeast(0, -0.1, 0.35),
            Age = Share(0.3, 0.3),
            GlassesHabit = Unit() < 0.2 ? 0.75f : 0.04f,
            TextureX = 64 * Unit(),
            TextureY = 64 * Unit(),
            Marks = DrawMarks(stream),
        };
    }

    private static (float X, float Y, float Size)[] DrawMarks(RandomStream stream)
    {
        var marks = new (float X, float Y, float Size)[stream.NextBelow(4)];
        for (var i = 0; i < marks.Length; i++)
            marks[i] = ((float)(0.48 * stream.NextSigned()), (float)(0.15 + 0.55 * stream.NextSigned()),
                (float)(0.012 + 0.018 * stream.NextUnit()));
        return marks;
    }
}
