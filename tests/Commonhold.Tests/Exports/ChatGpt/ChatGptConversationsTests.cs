using System.Globalization;
using Commonhold.Exports;
using Commonhold.Exports.ChatGpt;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.ChatGpt;

public class ChatGptConversationsTests
{
    private static readonly ExportFormat Format = ExportFormats.ForSchema("chatgpt-conversations-v1")!;

    [Fact]
    public void Prompts_and_answers_come_through_and_what_lies_behind_them_does_not()
    {
        var files = Packages.Unzip(Packages.Clean(Format, Export(Conversation("68c13686-4a3c-8329-940b-479ccb6a079f", 1757492875.5))));
        Assert.Equal(
            "id,started_at,title,model\r\n68c13686-4a3c-8329-940b-479ccb6a079f,2025-09-10T08:27:55.5Z,A title,gpt-4o\r\n", files["conversations.csv"]);
        Assert.Equal(
            "id,conversation,parent,role,sent_at,model,text\r\n"
            + "m1,68c13686-4a3c-8329-940b-479ccb6a079f,root,user,2025-09-10T08:27:56.25Z,,\"first\nsecond, \"\"third\"\"\"\r\n"
            + "m2,68c13686-4a3c-8329-940b-479ccb6a079f,m1,assistant,,gpt-4o,answer\r\n",
            files["messages.csv"]);
        Assert.Contains("\"id\": \"user-1\"", files["datapackage.json"], StringComparison.Ordinal);
    }

    // The id is that of a real conversation; it was begun nine seconds after the time in its id.
    [Theory]
    [InlineData("its own time", "68c13686-4a3c-8329-940b-479ccb6a079f", 1757492879, "1 of 1 ids that hold a time hold their row's.")]
    [InlineData("a day later", "68c13686-4a3c-8329-940b-479ccb6a079f", 1757579279, "0 of 1 ids that hold a time hold their row's.")]
    [InlineData("an id that is random", "68c13686-4a3c-4329-940b-479ccb6a079f", 1757579279, "No id holds its own time.")]
    public void An_id_that_does_not_hold_its_time_is_told_and_not_refused(string name, string id, double created, string evidence)
    {
        var reading = Format.TryRead(ExportSource.Open(new MemoryStream(Export(Conversation(id, created))))).OrThrow();
        var check = reading.Checks.Single(c => c.Name == "id_time");
        Assert.True(check.Refusal is null && check.Evidence == evidence, $"{name}: {check.Evidence}");
    }

    [Fact]
    public void Numbered_parts_say_what_one_file_says()
    {
        var single = Records(ChatGptForm.Single);
        Assert.Equal(single, Records(ChatGptForm.Numbered));
        Assert.NotEmpty(single);
    }

    [Fact]
    public void An_export_without_its_account_is_refused()
    {
        var export = Packages.With(Export(Conversation("68c13686-4a3c-8329-940b-479ccb6a079f", 1757492879)), "user.json", _ => null);
        Assert.Equal("export.account_missing", Packages.Clean(Format, export, out _).Refusal?.Code);
    }

    [Fact]
    public void A_conversation_of_many_megabytes_is_read()
    {
        var random = new Random(1);
        var padding = string.Concat(Enumerable.Range(0, 25_000).Select(_ => random.Next().ToString("x8", CultureInfo.InvariantCulture)));
        var nodes = string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""
            "n{{i}}": {"id": "n{{i}}", "message": {"id": "n{{i}}", "author": {"role": "user"}, "content": {"content_type": "text", "parts": ["{{padding}}"]}, "recipient": "all"}, "parent": null, "children": []}
            """));
        var conversation = Conversation("68c13686-4a3c-8329-940b-479ccb6a079f", 1757492879).Replace("\"mapping\": {", "\"mapping\": {" + nodes + ",", StringComparison.Ordinal);
        Assert.Equal(22, Packages.RecordsOf(Format, Packages.Clean(Format, Export(conversation))).All.Count(r => r.Kind == "messages"));
    }

    [Theory]
    [InlineData("not JSON", "[{]", "export.json_invalid")]
    [InlineData("a page", "<html></html>", "export.json_invalid")]
    [InlineData("too deep", "DEEP", "export.too_deep")]
    [InlineData("another's list", "[{\"name\": \"x\", \"chat_messages\": []}]", "export.not_recognised")]
    public void A_broken_export_is_refused(string name, string conversations, string code)
    {
        if (conversations == "DEEP")
            conversations = new string('[', 100) + new string(']', 100);
        Assert.Equal((name, code), (name, Packages.Clean(Format, Export(conversations), out _).Refusal?.Code));
    }

    private static byte[] Export(string conversations) => Packages.Zip(
        ("conversations.json", conversations.StartsWith('{') ? $"[{conversations}]" : conversations),
        ("user.json", """{"id": "user-1", "email": "a@mail.example", "chatgpt_plus_user": false, "phone_number": "+12025550199"}"""),
        ("chat.html", "<html></html>"));

    private static string Conversation(string id, double created) => $$"""
        {"title": "A title", "create_time": {{created.ToString("R", CultureInfo.InvariantCulture)}}, "update_time": 1757492999.1, "mapping": {
          "root": {"id": "root", "message": null, "parent": null, "children": ["s"]},
          "s": {"id": "s", "message": {"id": "s", "author": {"role": "system"}, "content": {"content_type": "text", "parts": [""]}, "recipient": "all"}, "parent": "root", "children": ["m1"]},
          "m1": {"id": "m1", "message": {"id": "m1", "author": {"role": "user"}, "create_time": 1757492876.25, "content": {"content_type": "multimodal_text",
             "parts": ["first", {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1"}, "second, \"third\""]}, "metadata": {}, "recipient": "all"}, "parent": "root", "children": ["t", "m2"]},
          "t": {"id": "t", "message": {"id": "t", "author": {"role": "assistant"}, "content": {"content_type": "code", "text": "search()"}, "metadata": {}, "recipient": "web"}, "parent": "m1", "children": []},
          "h": {"id": "h", "message": {"id": "h", "author": {"role": "user"}, "content": {"content_type": "text", "parts": ["hidden"]}, "metadata": {"is_visually_hidden_from_conversation": true}, "recipient": "all"}, "parent": "m1", "children": []},
          "m2": {"id": "m2", "message": {"id": "m2", "author": {"role": "assistant"}, "create_time": null, "content": {"content_type": "text", "parts": ["answer"]}, "metadata": {"model_slug": "gpt-4o"}, "recipient": "all"}, "parent": "m1", "children": []}
        }, "current_node": "m2", "conversation_id": "{{id}}", "default_model_slug": "gpt-4o", "id": "{{id}}"}
        """;

    private static List<Records.Seen> Records(ChatGptForm form)
    {
        using var bytes = new MemoryStream();
        ChatGptSample.Make(2, 0, 100, form).WriteZip(bytes);
        return Packages.RecordsOf(Format, Packages.Clean(Format, bytes.ToArray())).All;
    }
}
