/// The one source of chance in a plan: a pure function, the same on every machine.
public enum FaultDraw {
    /// Whether a rule with this chance fires for the nth subject of this key.
    public static func fires(_ chance: FaultChance, seed: UInt64, rule: String, key: String, nth: Int) -> Bool {
        let draw = value(seed: seed, rule: rule, key: key, nth: nth)
        // The high half of the product maps the draw onto 0..<denominator without the bias of a remainder.
        return draw.multipliedFullWidth(by: UInt64(chance.denominator)).high < UInt64(chance.numerator)
    }

    /// 64 evenly spread bits for these four, for chances and for whatever a fault makes up (which bit to flip, say).
    public static func value(seed: UInt64, rule: String, key: String, nth: Int) -> UInt64 {
        var state = mix(seed)
        for text in [rule, key] {
            state = mix(state ^ fnv1a(text))
        }
        return mix(state ^ UInt64(bitPattern: Int64(nth)))
    }

    /// FNV-1a, 64 bits: enough to tell texts apart before they are mixed.
    private static func fnv1a(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    /// The finaliser of SplitMix64: every input bit reaches every output bit.
    private static func mix(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
