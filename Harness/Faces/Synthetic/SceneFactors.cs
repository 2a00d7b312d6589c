using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Everything in a picture that says nothing about who is shown: pose, light, expression, camera, cover, background.</summary>
internal sealed record SceneFactors
{
    public float SinYaw { get; private init; }          // turned to the picture's right when positive
    public float CosYaw { get; private init; }
    public float SinPitch { get; private init; }
    public float CosPitch { get; private init; }
    public float SinRoll { get; private init; }
    public float CosRoll { get; private init; }
    public float Scale { get; private init; }
    public float ShiftX { get; private init; }
    public float ShiftY { get; private init; }
    public float LightX { get; private init; }          // direction to the lamp, of length 1
    public float LightY { get; private init; }
    public float LightZ { get; private init; }
    public float Ambient { get; private init; }
    public float Lamp { get; private init; }
    public Colour Cast { get; private init; }           // exposure and colour of the light
    public float Smile { get; private init; }           // corners up when positive
    public float MouthOpen { get; private init; }
    public float EyesOpen { get; private init; }        // times the person's own
    public float BrowLift { get; private init; }
    public float GazeX { get; private init; }
    public float GazeY { get; private init; }
    public float HairShift { get; private init; }       // another day's hairdo
    public float Stubble { get; private init; }
    public bool Glasses { get; private init; }
    public bool DarkGlasses { get; private init; }
    public Colour Frame { get; private init; }
    public Colour BackgroundNear { get; private init; }
    public Colour BackgroundFar { get; private init; }
    public float BackgroundX { get; private init; }     // place in the texture
    public float BackgroundY { get; private init; }
    public float BackgroundScale { get; private init; }
    public Colour Clothes { get; private init; }
    public bool Covered { get; private init; }          // a bar across the picture
    public float CoverX { get; private init; }
    public float CoverY { get; private init; }
    public float CoverSin { get; private init; }
    public float CoverCos { get; private init; }
    public float CoverWidth { get; private init; }
    public Colour Cover { get; private init; }
    public float Blur { get; private init; }            // deviation in pixels of a picture of 112
    public float Noise { get; private init; }           // deviation, share of the full range

    /// <summary>Draws picture <paramref name="image"/> of a person.</summary>
    /// <param name="seed">The family.</param>
    /// <param name="identity">The person.</param>
    /// <param name="image">Any number.</param>
    /// <param name="strength">0: a plain portrait; 1 is the designed hardness.</param>
    /// <param name="glassesHabit">The person's probability of wearing glasses.</param>
    public static SceneFactors Draw(long seed, long identity, long image, double strength, double glassesHabit)
    {
        var stream = new RandomStream(seed, StreamPurpose.SyntheticImage, identity, image);
        double Bell(double deviation, double most) => Math.Clamp(strength * deviation * stream.NextBell(), -most, most);
        float Unit() => (float)stream.NextUnit();
        Colour AnyColour()
        {
            var grey = Unit();
            return new Colour(grey, grey, grey).Under(new Colour(Unit(), Unit(), Unit()), 0.5f); // rooms and clothes are seldom gaudy
        }

        bool Happens(double probability) => stream.NextUnit() < probability;

        var (yaw, pitch, roll) = (Bell(0.34, 0.75), Bell(0.14, 0.35), Bell(0.08, 0.30));
        var (lightX, lightY) = (Bell(0.8, 2), -0.35 + Bell(0.35, 1));
        var length = Math.Sqrt(lightX * lightX + lightY * lightY + 1);
        var lamp = Math.Clamp(0.45 + Bell(0.22, 0.5), 0.1, 0.95);
        var exposure = PortableMath.Exp(Bell(0.19, 0.6) - 0.06);
        var warmth = Bell(0.07, 0.25);
        var coverAngle = 3.1416 * stream.NextUnit();
        return new SceneFactors
        {
            SinYaw = (float)PortableMath.Sin(yaw),
            CosYaw = (float)PortableMath.Cos(yaw),
            SinPitch = (float)PortableMath.Sin(pitch),
            CosPitch = (float)PortableMath.Cos(pitch),
            SinRoll = (float)PortableMath.Sin(roll),
            CosRoll = (float)PortableMath.Cos(roll),
            Scale = (float)PortableMath.Exp(Bell(0.055, 0.25)),
            ShiftX = (float)Bell(0.06, 0.2),
            ShiftY = (float)Bell(0.055, 0.2),
            LightX = (float)(lightX / length),
            LightY = (float)(lightY / length),
            LightZ = (float)(1 / length),
            Ambient = (float)(0.92 - 0.62 * lamp),
            Lamp = (float)lamp,
            Cast = new Colour((float)(exposure * (1 + warmth)), (float)exposure, (float)(exposure * (1 - warmth))),
            Smile = (float)(0.03 + Bell(0.042, 0.12)),
            MouthOpen = (float)Math.Max(0, Bell(0.045, 0.13) - 0.012),
            EyesOpen = (float)Math.Clamp(1 + Bell(0.25, 1), 0.08, 1.5),
            BrowLift = (float)Bell(0.022, 0.06),
            GazeX = (float)Bell(0.022, 0.05),
            GazeY = (float)Bell(0.008, 0.02),
            HairShift = (float)Bell(0.045, 0.12),
            Stubble = (float)Math.Max(0, Bell(0.10, 0.3)),
            Glasses = Happens(glassesHabit),
            DarkGlasses = Happens(0.06 * strength),
            Frame = AnyColour() * 0.45f,
            BackgroundNear = AnyColour(),
            BackgroundFar = AnyColour(),
            BackgroundX = 64 * Unit(),
            BackgroundY = 64 * Unit(),
            BackgroundScale = 0.8f + 4 * Unit(),
            Clothes = AnyColour(),
            Covered = Happens(0.13 * strength),
            CoverX = (float)(0.8 * stream.NextSigned()),
            CoverY = (float)(0.2 + 0.7 * stream.NextSigned()),
            CoverSin = (float)PortableMath.Sin(coverAngle),
            CoverCos = (float)PortableMath.Cos(coverAngle),
            CoverWidth = 0.10f + 0.14f * Unit(),
            Cover = AnyColour(),
            Blur = (float)Math.Max(0, Bell(0.75, 2.4)),
            Noise = (float)(0.006 + Math.Abs(Bell(0.018, 0.07))),
        };
    }
}
