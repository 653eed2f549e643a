/// Sebastiano Vigna's SplitMix64: small, quick and the same everywhere. Not for secrets.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A name such as `amq.gen-JzTY20BRgKO-HjmUJj0wLg`: the prefix and 22 characters of URL-safe Base64, as RabbitMQ makes them.
    package mutating func name(prefix: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var octets = Array(prefix.utf8)
        var bits = next()
        for index in 0..<22 {
            if index == 11 { bits = next() }
            octets.append(alphabet[Int(bits >> 58)])
            bits <<= 6
            // Eleven times six are 66 of 64 bits: the last character has four random bits, which is plenty.
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
