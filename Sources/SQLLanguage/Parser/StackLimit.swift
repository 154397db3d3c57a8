#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The C library's, which its Swift module leaves out: reads a running thread's attributes.
@_silgen_name("pthread_getattr_np")
private func readAttributes(of thread: pthread_t, into attributes: UnsafeMutablePointer<pthread_attr_t>) -> Int32

/// How much of a thread's stack recursion may use: half of what was left, since what comes after parsing descends too.
struct StackLimit {
    /// The lowest address that may be in use; stacks grow downwards.
    private let lowest: UInt

    /// Takes the limit of the thread that calls; unlimited where the thread's stack is unknown.
    static func ofCurrentThread() -> StackLimit {
        var attributes = pthread_attr_t()
        guard readAttributes(of: pthread_self(), into: &attributes) == 0 else { return StackLimit(lowest: 0) }
        defer { pthread_attr_destroy(&attributes) }
        var base: UnsafeMutableRawPointer?
        var bytes = 0
        guard pthread_attr_getstack(&attributes, &base, &bytes) == 0, let base else { return StackLimit(lowest: 0) }
        let bottom = UInt(bitPattern: base)
        let here = currentAddress
        return StackLimit(lowest: here > bottom ? bottom + (here - bottom) / 2 : 0)
    }

    /// Tells whether the stack is still within the limit.
    var isKept: Bool { StackLimit.currentAddress > lowest }

    private static var currentAddress: UInt {
        var local: UInt8 = 0
        return withUnsafeMutablePointer(to: &local) { UInt(bitPattern: $0) }
    }
}
