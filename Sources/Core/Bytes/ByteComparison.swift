#if canImport(Glibc)
    public import Glibc
#else
    public import Musl
#endif

/// Orders two byte strings by unsigned bytes, a prefix before its extensions: negative, zero or positive.
@inlinable public func compareBytes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
    let shared = min(a.count, b.count)
    if shared > 0 {
        let order = memcmp(a.baseAddress!, b.baseAddress!, shared)
        if order != 0 { return Int(order) }
    }
    return a.count - b.count
}
