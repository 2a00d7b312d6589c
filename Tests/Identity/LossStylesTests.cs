using Ablation.Experiments.Identity;
using Ablation.Experiments.Suites;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Tests.Identity;

/// <summary>A loss looks the same in every suite, and no two of a suite look alike.</summary>
[Parallelizable]
public sealed class LossStylesTests
{
    private static readonly string[] Known = [.. LossStyles.KnownNames];

    [Test]
    public void The_losses_of_the_table_have_what_it_says()
    {
        var styles = new LossStyles(Known);
        Assert.That(styles["Npt"], Is.EqualTo(new LossStyle(Hue.Of("vermilion"), Dash.Solid, Marker.Diamond)));
        Assert.That(styles["ArcFace"], Is.EqualTo(new LossStyle(Hue.Of("blue"), Dash.Solid, Marker.Circle)));
        Assert.That(styles["MvSoftmax"], Is.EqualTo(new LossStyle(Hue.Of("slate"), Dash.Long, Marker.Diamond)));
        Assert.That(styles[Labels.Untrained], Is.EqualTo(new LossStyle(Hue.Of("slate"), Dash.Dots, Marker.None)));
        Assert.That(Known.Select(name => styles[name]), Is.Unique);
        Assert.That(Known.Except(Catalog.RecordsOf<LossOptions>().Keys), Is.EqualTo(new[] { Labels.Untrained }), "all others are losses");
    }

    [Test]
    public void Every_loss_of_this_project_has_its_own_style_in_every_suite()
    {
        string[] all = [.. Catalog.RecordsOf<LossOptions>().Keys, Labels.Untrained];
        var together = new LossStyles(all);
        Assert.That(all.Select(name => together[name]), Is.Unique);
        foreach (var name in all)
            Assert.That(new LossStyles([name])[name], Is.EqualTo(together[name]), $"{name} alone, and with all others");
    }

    [Test]
    public void The_order_of_the_names_does_not_matter_and_a_name_that_joins_changes_no_known_one()
    {
        string[] names = ["Mine", "Npt", "Yours", "Triplet", "ArcFace"];
        var (one, other) = (new LossStyles(names), new LossStyles(names.Reverse()));
        Assert.That(names.Select(name => other[name]), Is.EqualTo(names.Select(name => one[name])));
        Assert.That(new LossStyles([.. names, "Softmax"])["Npt"], Is.EqualTo(one["Npt"]));
    }

    [TestCase(32)]
    [TestCase(175)]
    public void Unknown_names_get_different_styles_that_no_known_loss_has(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"Invented{i}")];
        var styles = new LossStyles([.. names, .. Known]);
        Assert.That(names.Concat(Known).Select(name => styles[name]), Is.Unique);
        Assert.That(styles.HasRepeats, Is.False);
    }

    [Test]
    public void More_names_than_styles_repeat_some_and_say_so()
    {
        var styles = new LossStyles(Enumerable.Range(0, 176).Select(i => $"Invented{i}"));
        Assert.That(styles.HasRepeats, Is.True);
    }

    [Test]
    public void Options_of_one_loss_keep_its_colour_and_differ_in_dash_first()
    {
        string[] names = [.. new[] { "0.2", "0.3", "0.35", "0.4", "0.5" }.Select(margin => $"CosFace (cosineMargin {margin})")];
        var styles = new LossStyles([.. names, "CosFace"]);
        Assert.That(names.Select(name => styles[name].Hue.Name), Is.All.EqualTo("ochre"));
        Assert.That(names.Append("CosFace").Select(name => styles[name]), Is.Unique);
        var two = new LossStyles(names[..2]);
        Assert.That(names[..2].Select(name => two[name].Marker), Is.All.EqualTo(Marker.Down));
        Assert.That(two[names[0]].Dash, Is.Not.EqualTo(two[names[1]].Dash));
        Assert.That(new LossStyles(["Npt", "Npt (tuned)"])["Npt (tuned)"].Hue.Name, Is.EqualTo("vermilion"));
    }

    [Test]
    public void A_name_that_is_not_given_is_refused() =>
        Assert.That(() => new LossStyles(["Npt"])["Unheard"], Throws.ArgumentException.With.Message.Contains("Unheard"));

    [Test]
    public void The_hash_is_FNV_1a()
    {
        // 32 bits over UTF-16 letters: "a" is (2166136261 ^ 97) * 16777619 modulo 2^32 = 3826002220, 145 modulo 175
        var free = (from hue in Hue.All
                    from dash in new[] { Dash.Solid, Dash.Long, Dash.Short }
                    from marker in Enum.GetValues<Marker>()
                    let style = new LossStyle(hue, dash, marker)
                    where marker != Marker.None && !Known.Select(name => new LossStyles(Known)[name]).Contains(style)
                    select style).ToList();
        Assert.That(3826002220u % 175, Is.EqualTo(145));
        Assert.That(new LossStyles(["a"])["a"], Is.EqualTo(free[145]));
    }
}
