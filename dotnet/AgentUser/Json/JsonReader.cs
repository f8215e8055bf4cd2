using System;
using System.Collections.Generic;
using System.Text;

namespace AgentUsers;

/// <summary>Reads one JSON value, strictly by RFC 8259.</summary>
internal struct JsonReader(string json)
{
    /// <summary>The depth that the native library reads, too.</summary>
    internal const int MaximumDepth = 128;

    private int _at;

    internal JsonValue ReadAll()
    {
        JsonValue value = ReadValue(0);
        SkipSpace();
        return _at == json.Length ? value : throw Wrong("there is more after the end");
    }

    private JsonValue ReadValue(int depth)
    {
        SkipSpace();
        switch (Peek())
        {
            case '{':
                return ReadObject(Deeper(depth));
            case '[':
                return ReadArray(Deeper(depth));
            case '"':
                return JsonValue.String(ReadString());
            case 't':
                return ReadWord("true", JsonValue.True);
            case 'f':
                return ReadWord("false", JsonValue.False);
            case 'n':
                return ReadWord("null", JsonValue.Null);
            case '-' or (>= '0' and <= '9'):
                return ReadNumber();
            default:
                throw Wrong("no value begins");
        }
    }

    private int Deeper(int depth) => depth < MaximumDepth ? depth + 1 : throw Wrong($"it is more than {MaximumDepth} levels deep");

    private JsonValue ReadObject(int depth)
    {
        var members = new List<KeyValuePair<string, JsonValue>>();
        _at++;
        SkipSpace();
        if (Take('}'))
            return JsonValue.Object(members);
        do
        {
            SkipSpace();
            if (Peek() != '"')
                throw Wrong("a member's name is missing");
            string name = ReadString();
            SkipSpace();
            if (!Take(':'))
                throw Wrong("a colon is missing");
            members.Add(new(name, ReadValue(depth)));
            SkipSpace();
        }
        while (Take(','));
        return Take('}') ? JsonValue.Object(members) : throw Wrong("an object does not end");
    }

    private JsonValue ReadArray(int depth)
    {
        var items = new List<JsonValue>();
        _at++;
        SkipSpace();
        if (Take(']'))
            return JsonValue.Array(items);
        do
        {
            items.Add(ReadValue(depth));
            SkipSpace();
        }
        while (Take(','));
        return Take(']') ? JsonValue.Array(items) : throw Wrong("an array does not end");
    }

    private string ReadString()
    {
        int start = ++_at;
        while (_at < json.Length && json[_at] is not ('"' or '\\') && json[_at] >= ' ')
            _at++;
        if (Take('"'))
            return json.Substring(start, _at - 1 - start);
        var text = new StringBuilder(json, start, _at - start, Math.Max(16, 2 * (_at - start)));
        while (_at < json.Length)
        {
            char character = json[_at++];
            if (character == '"')
                return WholeCharacters(text);
            if (character < ' ')
                throw Wrong("a control character is not escaped");
            text.Append(character == '\\' ? ReadEscape() : character);
        }
        throw Wrong("a text does not end");
    }

    private char ReadEscape()
    {
        char character = Peek();
        _at++;
        switch (character)
        {
            case '"' or '\\' or '/':
                return character;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                int code = 0;
                for (int digit = 0; digit < 4; digit++)
                    code = (code * 16) + ReadHexDigit();
                return (char)code;
            default:
                throw Wrong("an escape is unknown");
        }
    }

    private int ReadHexDigit()
    {
        char digit = Peek();
        _at++;
        return digit switch
        {
            >= '0' and <= '9' => digit - '0',
            >= 'a' and <= 'f' => digit - 'a' + 10,
            >= 'A' and <= 'F' => digit - 'A' + 10,
            _ => throw Wrong("an escape has no four hexadecimal digits"),
        };
    }

    /// <summary>Replaces half surrogate pairs, which UTF-8 has no form for, by U+FFFD.</summary>
    private static string WholeCharacters(StringBuilder text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                at++;
            else if (char.IsSurrogate(text[at]))
                text[at] = '\uFFFD';
        }
        return text.ToString();
    }

    private JsonValue ReadNumber()
    {
        int start = _at;
        Take('-');
        if (!Take('0'))
            ReadDigits();
        if (Take('.'))
            ReadDigits();
        if (Take('e') || Take('E'))
        {
            if (!Take('+'))
                Take('-');
            ReadDigits();
        }
        return JsonValue.Number(json.Substring(start, _at - start));
    }

    private void ReadDigits()
    {
        int start = _at;
        while (Peek() is >= '0' and <= '9')
            _at++;
        if (_at == start)
            throw Wrong("a number lacks a digit");
    }

    private JsonValue ReadWord(string word, JsonValue value)
    {
        if (string.CompareOrdinal(json, _at, word, 0, word.Length) != 0)
            throw Wrong("no value begins");
        _at += word.Length;
        return value;
    }

    private void SkipSpace()
    {
        while (Peek() is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    private readonly char Peek() => _at < json.Length ? json[_at] : '\0';

    private bool Take(char character)
    {
        if (_at >= json.Length || json[_at] != character)
            return false;
        _at++;
        return true;
    }

    private readonly FormatException Wrong(string error) => new($"This is not JSON: at character {Math.Min(_at, json.Length)}, {error}.");
}
