/// Something has no more room in the hub, by its limits.
package struct HubIsFull: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
