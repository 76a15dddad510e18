using System.Globalization;
using System.Text.Json.Nodes;
using Commonhold.Exports.Samples;

namespace Commonhold.Exports.ChatGpt;

/// <summary>The forms in which ChatGPT has sent exports.</summary>
internal enum ChatGptForm
{
    /// <summary>2023: one <c>conversations.json</c>, conversation ids that are random.</summary>
    Early,

    /// <summary>2025: one <c>conversations.json</c>, ids that begin with the time, <c>birth_year</c> in <c>user.json</c>.</summary>
    Single,

    /// <summary>2026: <c>conversations-000.json</c> and on, attachments beside them.</summary>
    Numbered,
}

/// <summary>One made-up ChatGPT account and its export: conversations with branches, tools, hidden messages and attachments.</summary>
internal sealed class ChatGptSample
{
    private static readonly string[] Models = ["gpt-4o", "gpt-4o", "o3-mini", "gpt-5-t-mini"];
    private readonly SampleArchive _archive = new();
    private readonly ChatGptForm _form;
    private readonly int _index;
    private SampleRandom _random;
    private DateTimeOffset _at;
    private string _node = "";
    private JsonObject _mapping = [];

    private ChatGptSample(ulong seed, int index, int rows, ChatGptForm form)
    {
        _random = new SampleRandom((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0xE7037ED1A0B428DB));
        (_index, _form) = (index, form);
        _at = new DateTimeOffset(form == ChatGptForm.Early ? 2023 : 2025, 3, 2, 18, 4, 11, TimeSpan.Zero);
        var conversations = new List<JsonNode>();
        for (var i = 0; i < Math.Max(1, rows / 8); i++)
            conversations.Add(Conversation());
        AddConversations(conversations);
        AddOtherFiles();
    }

    public static SampleArchive Make(ulong seed, int index, int rows, ChatGptForm form) => new ChatGptSample(seed, index, rows, form)._archive;

    /// <summary>The account id of the sample with that number.</summary>
    public static string AccountId(int index) => $"user-Sample{index:00000000000000000}";

    private JsonObject Conversation()
    {
        _at = _at.AddHours(1 + _random.Below(60)).AddSeconds(_random.Below(3600));
        var started = _at;
        var id = ConversationId(started);
        (_mapping, _node) = ([], "");
        Add(null);
        Message("system", "text", [""], metadata: new JsonObject { ["is_visually_hidden_from_conversation"] = true });
        Message("user", "user_editable_context", null, new JsonObject { ["is_user_system_message"] = true }, content: new JsonObject
        {
            ["user_profile"] = _archive.Secret("instructions-secret about me"),
            ["user_instructions"] = _archive.Secret("instructions-secret on style"),
        });
        for (var turns = 1 + _random.Below(4); turns > 0; turns--)
            Turn(turns);

        return new JsonObject
        {
            ["title"] = SampleText.Sentence(ref _random),
            ["create_time"] = Time(started.AddSeconds(_form == ChatGptForm.Early ? 0 : 2)),
            ["update_time"] = Time(_at),
            ["mapping"] = _mapping,
            ["moderation_results"] = new JsonArray(),
            ["current_node"] = _node,
            ["plugin_ids"] = null,
            ["conversation_id"] = id,
            ["conversation_template_id"] = null,
            ["gizmo_id"] = _random.Below(9) == 0 ? _archive.Secret("g-p-private-project") : null,
            ["is_archived"] = false,
            ["safe_urls"] = new JsonArray(_archive.Secret("https://safe.example/secret")),
            ["default_model_slug"] = _random.Pick(Models),
            ["id"] = id,
        };
    }

    private void Turn(int number)
    {
        if (number % 3 == 1)
        {
            var asset = _archive.Secret($"file-service://file-secret{_random.Below(9)}");
            Message("user", "multimodal_text",
                [new JsonObject { ["content_type"] = "image_asset_pointer", ["asset_pointer"] = asset }, SampleText.Sentence(ref _random)],
                new JsonObject { ["attachments"] = new JsonArray(new JsonObject { ["name"] = _archive.Secret("passport-secret.png") }) });
        }
        else
        {
            Message("user", "text", [SampleText.Comment(ref _random)], new JsonObject { ["request_id"] = "r" });
        }

        var model = _random.Pick(Models);
        if (number == 2)
        {
            Message("assistant", "code", null, Model(model), "web", new JsonObject { ["language"] = "unknown", ["text"] = _archive.Secret("search(\"tool-secret\")") });
            Message("tool", "text", [_archive.Secret("tool-secret result")], toolName: "web");
            Message("assistant", "thoughts", null, Model(model), content: new JsonObject { ["thoughts"] = new JsonArray(_archive.Secret("thought-secret")) });
        }

        var parent = _node;
        Message("assistant", "text", [SampleText.Comment(ref _random), SampleText.Sentence(ref _random)], Model(model));
        if (number % 4 != 3)
            return;

        // "Regenerate": a second child of the same question.
        _node = parent;
        Message("assistant", "text", [SampleText.Comment(ref _random)], Model(model));
    }

    private void Message(
        string role, string type, JsonNode?[]? parts, JsonObject? metadata = null, string recipient = "all", JsonObject? content = null, string? toolName = null)
    {
        _at = _at.AddSeconds(5 + _random.Below(90));
        content ??= [];
        content.Insert(0, "content_type", type);
        if (parts is not null)
            content["parts"] = new JsonArray(parts);
        Add(new JsonObject
        {
            ["author"] = new JsonObject { ["role"] = role, ["name"] = toolName, ["metadata"] = new JsonObject() },
            ["create_time"] = role == "system" ? null : Time(_at),
            ["update_time"] = null,
            ["content"] = content,
            ["status"] = "finished_successfully",
            ["end_turn"] = role == "assistant" ? true : null,
            ["weight"] = 1.0,
            ["metadata"] = metadata ?? [],
            ["recipient"] = recipient,
            ["channel"] = null,
        });
    }

    private void Add(JsonObject? message)
    {
        var id = Uuid(4);
        message?.Insert(0, "id", id);
        if (_node.Length > 0)
            ((JsonArray)_mapping[_node]!["children"]!).Add(id);
        _mapping[id] = new JsonObject
        {
            ["id"] = id,
            ["message"] = message,
            ["parent"] = _node.Length > 0 ? _node : null,
            ["children"] = new JsonArray(),
        };
        _node = id;
    }

    private void AddConversations(List<JsonNode> conversations)
    {
        if (_form != ChatGptForm.Numbered)
        {
            _archive.AddJson("conversations.json", new JsonArray([.. conversations]));
            return;
        }

        var half = (conversations.Count + 1) / 2;
        var number = 0;
        foreach (var part in conversations.Chunk(half))
            _archive.AddJson($"conversations-{number++:000}.json", new JsonArray(part));
    }

    private void AddOtherFiles()
    {
        var user = new JsonObject
        {
            ["id"] = AccountId(_index),
            ["email"] = _archive.Secret($"member{_index}@mail.example"),
            ["chatgpt_plus_user"] = true,
            ["phone_number"] = _archive.Secret("+12025550144"),
        };
        if (_form != ChatGptForm.Early)
            user["birth_year"] = 1991;
        _archive.AddJson("user.json", user);
        _archive.Add("chat.html", $"<html><body>{_archive.Secret("html-secret")}</body></html>");
        _archive.AddJson("message_feedback.json", new JsonArray(new JsonObject { ["id"] = "m", ["content"] = _archive.Secret("feedback-secret") }));
        _archive.AddJson("shared_conversations.json", new JsonArray(new JsonObject { ["title"] = _archive.Secret("shared-secret") }));
        _archive.AddJson("model_comparisons.json", new JsonArray(new JsonObject { ["input"] = _archive.Secret("comparison-secret") }));
        if (_form != ChatGptForm.Numbered)
            return;
        _archive.AddJson("user_settings.json", new JsonArray(new JsonObject { ["settings"] = _archive.Secret("settings-secret") }));
        _archive.AddJson("export_manifest.json", new JsonObject { ["logical_files"] = new JsonObject() });
        _archive.AddJson("conversation_asset_file_names.json", new JsonObject { ["file-1.dat"] = _archive.Secret("asset-name-secret.csv") });
        _archive.Add("file-1.dat", _archive.Secret("asset-secret"));
    }

    private static JsonObject Model(string slug) => new() { ["model_slug"] = slug, ["finish_details"] = new JsonObject { ["type"] = "stop" } };

    private string ConversationId(DateTimeOffset at) => _form == ChatGptForm.Early
        ? Uuid(4)
        : string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeSeconds():x8}-{Uuid(8)[9..]}");

    private string Uuid(int version)
    {
        var (high, low) = (_random.Next(), _random.Next());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(uint)(high >> 32):x8}-{(ushort)(high >> 16):x4}-{version:x1}{high & 0xFFF:x3}-{0x8000 | ((low >> 48) & 0x3FFF):x4}-{low & 0xFFFFFFFFFFFF:x12}");
    }

    private double Time(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000.0) + (_random.Below(1_000_000) / 1e6);
}
