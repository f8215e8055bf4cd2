using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace AgentUsers.Tests;

public sealed class JsonTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("-0")]
    [InlineData("12345678901234567890.12345678901234567890e-400")]
    [InlineData("1E+5")]
    [InlineData("[1,[2,{\"a\":null,\"b\":[false]}],\"x\"]")]
    [InlineData("{\"z\":1,\"a\":2,\"\":{\"ä\":\"\\u0001\\n\\\"\\\\😀\"}}")]
    public void What_is_read_is_written_back_to_the_letter(string json)
    {
        Assert.Equal(json, JsonValue.Parse(json).ToString());
        Assert.Equal(JsonValue.Parse(json), JsonValue.Parse(" \t\r\n" + json + "\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nul")]
    [InlineData("nulll")]
    [InlineData("True")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x1")]
    [InlineData("NaN")]
    [InlineData("'a'")]
    [InlineData("\"a")]
    [InlineData("\"a\\")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("[")]
    [InlineData("[1")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 2]")]
    [InlineData("{")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{a:1}")]
    [InlineData("{1:1}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    [InlineData("1 2")]
    [InlineData("[]]")]
    [InlineData("/**/1")]
    [InlineData("\u00a01")]
    public void What_is_no_JSON_is_refused(string json) => Assert.Throws<FormatException>(() => JsonValue.Parse(json));

    [Fact]
    public void Depth_is_bounded()
    {
        string deepest = new string('[', 128) + new string(']', 128);
        Assert.Equal(deepest, JsonValue.Parse(deepest).ToString());
        Assert.Throws<FormatException>(() => JsonValue.Parse("[" + deepest + "]"));
        Assert.Throws<FormatException>(() => JsonValue.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 1_000_000))));
    }

    [Fact]
    public void Escapes_become_characters_and_half_a_surrogate_pair_none()
    {
        Assert.Equal("/\b\f\n\r\t\u00e9\ud83d\ude00", JsonValue.Parse("\"\\/\\b\\f\\n\\r\\t\\u00E9\\uD83D\\ude00\"").AsString());
        Assert.Equal("a\ufffd\ufffdb", JsonValue.Parse("\"a\\ud83d\\ud83db\"").AsString());
        Assert.Equal("\ufffda", JsonValue.Parse("\"\\ude00a\"").AsString());
        Assert.Throws<ArgumentException>(() => JsonWriter.ToUtf8("\ud83d"));
    }

    [Fact]
    public void Of_members_with_the_same_name_the_last_one_counts()
    {
        JsonValue value = JsonValue.Parse("{\"a\":1,\"b\":2,\"a\":3}");
        Assert.Equal("{\"a\":3,\"b\":2}", value.ToString());
        Assert.Equal(3, value["a"]!.AsInt64());
    }

    [Fact]
    public void A_value_says_what_it_is_and_nothing_else()
    {
        JsonValue value = JsonValue.Parse("{\"n\":9223372036854775807,\"f\":1.5,\"big\":1e999,\"t\":true,\"s\":\"x\",\"id\":\"0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f\",\"no\":null}");
        Assert.Equal(long.MaxValue, value["n"]!.AsInt64());
        Assert.Null(value["f"]!.AsInt64());
        Assert.Equal(1.5, value["f"]!.AsDouble());
        Assert.Null(value["big"]!.AsDouble());
        Assert.True(value["t"]!.AsBoolean());
        Assert.Null(value["s"]!.AsBoolean());
        Assert.Null(value["t"]!.AsString());
        Assert.Equal(Guid.Parse("0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f"), value["id"]!.AsGuid());
        Assert.Null(value["s"]!.AsGuid());
        Assert.Null(value["no"]);
        Assert.Equal(JsonKind.Null, value.Members["no"].Kind);
        Assert.Null(value["absent"]);
        Assert.Empty(value["s"]!.Items);
        Assert.Empty(value["s"]!.Members);
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("true", true)]
    [InlineData("\"a\"", "a")]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", 9223372036854775808d)]
    [InlineData("1.50", 1.5)]
    [InlineData("1e999", "1e999")]
    public void A_value_is_plain_to_callers(string json, object? plain) => Assert.Equal(plain, PlainValues.From(JsonValue.Parse(json)));

    [Fact]
    public void Plain_values_go_back_to_JSON()
    {
        const string Json = "{\"b\":[1,[\"x\",null]],\"a\":{\"t\":true,\"f\":1.5}}";
        Assert.Equal(Json, PlainValues.ToJson(PlainValues.From(JsonValue.Parse(Json))).ToString());
        object[] scalars = [(byte)1, 1.25m, 'c', Guid.Empty, new DateTime(2026, 6, 1), new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.FromHours(2))];
        Assert.Equal(
            "[1,1.25,\"c\",\"00000000-0000-0000-0000-000000000000\",\"2026-06-01T00:00:00Z\",\"2026-06-01T00:00:00Z\"]",
            PlainValues.ToJson(scalars).ToString());
    }

    [Fact]
    public void A_value_without_a_form_in_JSON_is_refused_where_it_is_set()
    {
        var row = new AgentUserRow();
        foreach (object value in new object[] { new Version(1, 2), double.NaN, new System.Collections.Hashtable(), new object[] { new object() } })
            Assert.Throws<ArgumentException>(() => row["x"] = value);
        row["x"] = new[] { "a", "b" };
        Assert.Equal(["a", "b"], Assert.IsAssignableFrom<IReadOnlyList<object?>>(row["x"]));
        Assert.Null(row["y"]);
    }

    [Fact]
    public void Equality_is_of_values()
    {
        Assert.Equal(JsonValue.Parse("{\"a\":[1],\"b\":2}"), JsonValue.Parse("{\"b\":2,\"a\":[1]}"));
        Assert.Equal(JsonValue.Parse("{\"a\":1,\"b\":2}").GetHashCode(), JsonValue.Parse("{\"b\":2,\"a\":1}").GetHashCode());
        Assert.NotEqual(JsonValue.Parse("[1,2]"), JsonValue.Parse("[2,1]"));
        Assert.NotEqual(JsonValue.Parse("1"), JsonValue.Parse("1.0"));
        Assert.NotEqual(JsonValue.Parse("1"), JsonValue.Parse("\"1\""));
        Assert.NotEqual(JsonValue.Parse("{\"a\":1}"), JsonValue.Parse("{\"a\":1,\"b\":2}"));
    }
}
