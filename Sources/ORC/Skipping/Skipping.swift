import HoneyStorage
struct Skipping {
    init?(_ request: ReadRequest, mapping: ColumnMapping, tail: FileTail) throws { return nil }
    func mayHoldRows(inStripe number: Int) throws -> Bool { true }
    func groups(of stripe: Stripe) throws -> [Range<Int>] { [0..<stripe.groupCount] }
}
