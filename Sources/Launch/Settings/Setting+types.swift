// The types that settings have. Each reads strictly: what is not wholly right stops the start.

extension Setting where Value == String {
    /// Any text; an empty one is unset before it gets here.
    public static func text(
        _ name: String,
        takes: String = "TEXT",
        default defaultValue: String? = nil,
        isSecret: Bool = false,
        help: String
    ) -> Setting {
        Setting(name, takes: takes, default: defaultValue, isSecret: isSecret, help: help) { text in text }
    }

    /// A file or folder.
    public static func path(_ name: String, help: String) -> Setting {
        text(name, takes: "PATH", help: help)
    }

    /// An IP address or a host name to listen on.
    public static func host(_ name: String, default defaultValue: String? = nil, help: String) -> Setting {
        Setting(name, takes: "HOST", default: defaultValue, help: help) { text throws(SettingProblem) in
            guard ListenAddress.isHost(text) else { throw SettingProblem("must be an IP address or a host name") }
            return text
        }
    }

    /// An absolute URL of one of the schemes, without a slash at its end in the value.
    public static func url(
        _ name: String,
        schemes: [String],
        default defaultValue: String? = nil,
        help: String
    ) -> Setting {
        Setting(name, takes: "URL", default: defaultValue, help: help) { text throws(SettingProblem) in
            let allowed = schemes.map { $0 + "://" }
            guard let scheme = allowed.first(where: { text.lowercased().hasPrefix($0) }), text.count > scheme.count,
                !text.dropFirst(scheme.count).hasPrefix("/"),
                text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 32 && $0.value != 127 })
            else { throw SettingProblem("must be a URL that starts with \(allowed.joined(separator: " or "))") }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }
}

extension Setting where Value == Int {
    /// A whole number in decimal digits.
    public static func integer(
        _ name: String,
        takes: String = "N",
        in range: ClosedRange<Int>,
        default defaultValue: Int? = nil,
        help: String
    ) -> Setting {
        Setting(name, takes: takes, default: defaultValue, help: help) { text throws(SettingProblem) in
            guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text),
                range.contains(number)
            else { throw SettingProblem("must be a whole number from \(range.lowerBound) to \(range.upperBound)") }
            return number
        }
    }

    /// A TCP port; 0 takes a free one.
    public static func port(_ name: String, default defaultValue: Int? = nil, help: String) -> Setting {
        integer(name, takes: "PORT", in: 0...65_535, default: defaultValue, help: help)
    }
}

extension Setting where Value == Bool {
    /// A switch: the flag alone, or `true`, `false`, `1`, `0`, `yes`, `no`, `on`, `off`.
    public static func flag(_ name: String, help: String) -> Setting {
        Setting(name, takes: "", default: false, defaultText: "", help: help) { text throws(SettingProblem) in
            switch text.lowercased() {
            case "true", "1", "yes", "on": return true
            case "false", "0", "no", "off": return false
            default: throw SettingProblem("must be true or false")
            }
        }
    }
}

extension Setting where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of an enumeration.
    public static func choice(_ name: String, default defaultValue: Value? = nil, help: String) -> Setting {
        let names = Value.allCases.map(\.rawValue)
        return Setting(
            name,
            takes: names.joined(separator: "|"),
            default: defaultValue,
            defaultText: defaultValue?.rawValue,
            help: help
        ) { text throws(SettingProblem) in
            guard let value = Value(rawValue: text) else {
                throw SettingProblem("must be one of \(names.joined(separator: ", "))")
            }
            return value
        }
    }
}

extension Setting where Value == ListenAddress {
    /// Where to listen: `HOST:PORT`.
    public static func listenAddress(_ name: String, help: String) -> Setting {
        Setting(name, takes: "HOST:PORT", help: help) { text throws(SettingProblem) in
            guard let address = ListenAddress(text) else {
                throw SettingProblem("must be HOST:PORT, such as 127.0.0.1:5672")
            }
            return address
        }
    }
}
