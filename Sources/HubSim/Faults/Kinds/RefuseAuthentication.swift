import FaultPlan

/// `refuse_authentication`: the login is refused with 403 `ACCESS_REFUSED`, as if the password were wrong.
struct RefuseAuthentication: HubFault {
    static let kind = FaultKind.refuseAuthentication

    init(_ parameters: FaultParameters, draw: UInt64) {}

    var effect: FaultEffect { .refuseLogin }
}
