using Ablation.Harness.Foundations;

namespace Ablation.Tests.Foundations;

/// <summary>Moves and deletes that outlast a scanner's short lock.</summary>
public sealed class PatientFileTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    [Test]
    public void A_momentary_error_is_tried_again_and_another_is_not()
    {
        var calls = 0;
        PatientFile.Persist(() =>
        {
            if (++calls < 3) throw new UnauthorizedAccessException();
        }, PatientFile.IsMomentary, TimeSpan.FromMinutes(1));
        Assert.That(calls, Is.EqualTo(3));

        calls = 0;
        Assert.That(() => PatientFile.Persist(() =>
        {
            calls++;
            throw new FileNotFoundException();
        }, PatientFile.IsMomentary, TimeSpan.FromMinutes(1)), Throws.TypeOf<FileNotFoundException>());
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void A_lasting_error_is_thrown_in_the_end()
    {
        var calls = 0;
        Assert.That(() => PatientFile.Persist(() =>
        {
            calls++;
            throw new IOException("held", unchecked((int)0x80070020));
        }, PatientFile.IsMomentary, Short), Throws.TypeOf<IOException>().With.Message.EqualTo("held"));
        Assert.That(calls, Is.GreaterThan(1));
    }

    [TestCase(0x80070020, true, Description = "sharing violation")]
    [TestCase(0x80070021, true, Description = "lock violation")]
    [TestCase(0x80070091, true, Description = "a folder whose last file is being deleted")]
    [TestCase(0x80070070, false, Description = "disk full")]
    [TestCase(0x80070050, false, Description = "the file exists")]
    public void Errors_of_open_files_are_momentary(long code, bool momentary) =>
        Assert.That(PatientFile.IsMomentary(new IOException("", unchecked((int)code))), Is.EqualTo(momentary));

    [Test, Platform("Win")]
    public void A_file_that_is_open_for_a_moment_is_moved_replaced_and_deleted()
    {
        using var folder = new TemporaryFolder();
        var (from, to) = (folder.File("from"), folder.File("to"));
        foreach (var held in new[] { from, to })
        {
            File.WriteAllText(from, "new");
            File.WriteAllText(to, "old");
            WhileHeld(held, () => PatientFile.Move(from, to, overwrite: true));
            Assert.That(File.ReadAllText(to), Is.EqualTo("new"));
        }

        WhileHeld(to, () => PatientFile.Delete(to));
        Assert.That(File.Exists(to), Is.False);
        Directory.CreateDirectory(folder.File("deep"));
        File.WriteAllText(folder.File("deep/file"), "");
        WhileHeld(folder.File("deep/file"), () => PatientFile.MoveFolder(folder.File("deep"), folder.File("moved")));
        WhileHeld(folder.File("moved/file"), () => PatientFile.DeleteFolder(folder.File("moved"), recursive: true));
        Assert.That(Directory.Exists(folder.File("moved")), Is.False);
    }

    /// <summary>Acts while another thread has the file open for a moment.</summary>
    private static void WhileHeld(string path, Action act)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        var scanner = new Thread(() =>
        {
            Thread.Sleep(Short);
            file.Dispose();
        });
        scanner.Start();
        act();
        scanner.Join();
    }
}
