// Fuzz feeds bytes that libFuzzer makes up to each file format's reader, which must give rows or an error: no crash, no hang,
// no memory without bound. `Tests/Fuzz/run.sh FORMAT SECONDS` builds and runs it; see there.

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What libFuzzer, whose `main` this program has, calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.read(UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}

extension FuzzTarget {
    /// The one that the environment names.
    static let chosen: FuzzTarget = {
        let name = getenv("HONEYGUIDE_FUZZ_FORMAT").map { String(cString: $0) }
        if let target = all.first(where: { $0.name == name }) { return target }
        print("set HONEYGUIDE_FUZZ_FORMAT to one of: \(all.map(\.name).joined(separator: ", "))")
        exit(2)
    }()
}
