using System.CommandLine;
using Commonhold.Age;
using Commonhold.Cli.Verbs;

namespace Commonhold.Cli.Age;

/// <summary>`commonhold age`: key files, encryption and decryption with the flags that people know from `age`.</summary>
internal static class AgeCommand
{
    public static Command Create()
    {
        var age = new Verb(
            "age", "Encrypt and decrypt age files.",
            "commonhold age keygen -o key.txt",
            "commonhold age encrypt -r age1… -o photos.zip.age photos.zip",
            "commonhold age decrypt -i key.txt -o photos.zip photos.zip.age")
        {
            Keygen(),
            Encrypt(),
            Decrypt(),
        };

        // `commonhold age -d …` and `commonhold age -r …` work as they do with age itself.
        var decrypts = new Option<bool>("--decrypt", "-d") { Description = "Decrypt instead of encrypting." };
        var encrypts = new Option<bool>("--encrypt", "-e") { Description = "Encrypt; the default." };
        var arguments = new AgeArguments();
        arguments.AddTo(age);
        age.Add(decrypts);
        age.Add(encrypts);
        return age.Runs((context, parse, cancellationToken) => parse.GetValue(decrypts)
            ? AgeJob.DecryptAsync(arguments.Read(parse), context, cancellationToken)
            : AgeJob.EncryptAsync(arguments.Read(parse), context, cancellationToken));
    }

    private static Verb Keygen()
    {
        var output = new Option<string>("--output", "-o") { Description = "Write to this new file, readable by its owner only." };
        var convert = new Option<bool>("-y") { Description = "Print the recipients of an identity file instead." };
        var input = new Argument<string>("input") { Arity = ArgumentArity.ZeroOrOne, Description = "With -y: the identity file; standard input if absent." };
        return new Verb(
            "keygen", "Make an identity file.", "commonhold age keygen -o key.txt", "commonhold age keygen -y key.txt")
        {
            output,
            convert,
            input,
        }.Runs((context, parse, _) => parse.GetValue(convert)
            ? KeygenJob.ConvertAsync(parse.GetValue(input), parse.GetValue(output), context)
            : KeygenJob.GenerateAsync(parse.GetValue(output), context));
    }

    private static Verb Encrypt()
    {
        var arguments = new AgeArguments();
        var verb = new Verb(
            "encrypt", "Encrypt to recipients or a passphrase.",
            "commonhold age encrypt -r age1… -a -o letter.age letter.txt", "commonhold age encrypt -p -o letter.age letter.txt");
        arguments.AddTo(verb);
        return verb.Runs((context, parse, cancellationToken) =>
            AgeJob.EncryptAsync(arguments.Read(parse), context, cancellationToken));
    }

    private static Verb Decrypt()
    {
        var arguments = new AgeArguments();
        var verb = new Verb(
            "decrypt", "Decrypt a binary or armored file.",
            "commonhold age decrypt -i key.txt -o letter.txt letter.age", "commonhold age decrypt -o letter.txt letter.age");
        arguments.AddTo(verb);
        return verb.Runs((context, parse, cancellationToken) =>
            AgeJob.DecryptAsync(arguments.Read(parse), context, cancellationToken));
    }
}
