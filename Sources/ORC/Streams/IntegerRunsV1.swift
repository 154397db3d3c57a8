import HoneyCore

/// Runs of the first version.
///
/// ```
/// i8 n >= 0, i8 delta, varint base      n + 3 values, each `delta` more than the one before
/// i8 n < 0, -n varints                  those
/// ```
enum IntegerRunsV1 {
    @inline(__always)
    static func length(_ start: UnsafePointer<UInt8>) -> Int {
        let header = Int(Int8(bitPattern: start[0]))
        return header >= 0 ? header &+ 3 : -header
    }

    static func read(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, isSigned: Bool,
        into target: UnsafeMutablePointer<Int64>
    ) throws {
        let count = length(next)
        let isRun = Int8(bitPattern: next[0]) >= 0
        next += 1
        if isRun {
            let delta = Int64(Int8(bitPattern: next[0]))
            next += 1
            let bits = try Varints.unsigned(&next, end)
            var value = isSigned ? Varints.fromZigzag(bits) : Int64(bitPattern: bits)
            for index in 0..<count {
                target[index] = value
                value &+= delta
            }
            return
        }
        for index in 0..<count { target[index] = Int64(bitPattern: try Varints.unsigned(&next, end)) }
        if isSigned {
            for index in 0..<count { target[index] = Varints.fromZigzag(UInt64(bitPattern: target[index])) }
        }
    }
}
