using System;
using System.Collections.Generic;
using System.Text;

namespace AgentUsers;

/// <summary>Writes JSON without white space.</summary>
internal static class JsonWriter
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string Write(JsonValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <exception cref="ArgumentException">A text has half a surrogate pair, which UTF-8 has no form for.</exception>
    internal static byte[] ToUtf8(string text)
    {
        try
        {
            return s_strict.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException("A text has half of a surrogate pair, which is not a character.", error);
        }
    }

    private static void Append(StringBuilder text, JsonValue value)
    {
        string between = "";
        switch (value.Kind)
        {
            case JsonKind.Array:
                text.Append('[');
                foreach (JsonValue item in value.Items)
                {
                    text.Append(between);
                    Append(text, item);
                    between = ",";
                }
                text.Append(']');
                break;
            case JsonKind.Object:
                text.Append('{');
                foreach (KeyValuePair<string, JsonValue> member in value.Members)
                {
                    text.Append(between);
                    AppendString(text, member.Key);
                    text.Append(':');
                    Append(text, member.Value);
                    between = ",";
                }
                text.Append('}');
                break;
            case JsonKind.String:
                AppendString(text, value.Text);
                break;
            default:
                text.Append(value.Text);
                break;
        }
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char character in value)
        {
            switch (character)
            {
                case '"' or '\\':
                    text.Append('\\').Append(character);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case < ' ':
                    text.Append("\\u").Append(((int)character).ToString("x4"));
                    break;
                default:
                    text.Append(character);
                    break;
            }
        }
        text.Append('"');
    }
}
