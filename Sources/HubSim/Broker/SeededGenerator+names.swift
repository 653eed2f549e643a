import MessageHub

extension SeededGenerator {
    /// A name such as `amq.gen-JzTY20BRgKO-HjmUJj0wLg`: the prefix and 22 characters of URL-safe Base64, as RabbitMQ makes them.
    mutating func name(prefix: String) -> String {
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
