import HoneyCore

/// The loops that kernels share. Bodies are inlined into them, so each use is a tight loop over pointers.
enum ElementLoop {
    /// Computes a value from each value.
    @inline(__always)
    static func unary<A: BitwiseCopyable, R: BitwiseCopyable>(
        _ a: Column, _ count: Int, _: A.Type = A.self, _: R.Type = R.self, _ body: (A) -> R
    ) -> Buffer {
        let buffer = Buffer(capacity: count * MemoryLayout<R>.stride)
        let target = buffer.pointer(to: R.self)
        let x = a.values(as: A.self)
        for row in 0..<count { target[row] = body(x[row]) }
        return buffer
    }

    /// Computes a value from each pair of values, either of which may stand still.
    @inline(__always)
    static func binary<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
        _ a: Column, _ b: Column, _ count: Int, _: A.Type = A.self, _: B.Type = B.self, _: R.Type = R.self,
        _ body: (A, B) -> R
    ) -> Buffer {
        let buffer = Buffer(capacity: count * MemoryLayout<R>.stride)
        let target = buffer.pointer(to: R.self)
        let x = a.values(as: A.self)
        let y = b.values(as: B.self)
        if b.isConstant {
            let right = y[0]
            for row in 0..<count { target[row] = body(x[row], right) }
        } else if a.isConstant {
            let left = x[0]
            for row in 0..<count { target[row] = body(left, y[row]) }
        } else {
            for row in 0..<count { target[row] = body(x[row], y[row]) }
        }
        return buffer
    }

    /// Computes a value from each value where there is one; rows where the body gives nil become null.
    @inline(__always)
    static func unaryOptional<A: BitwiseCopyable, R: BitwiseCopyable>(
        _ a: Column, _ count: Int, _ validity: Bitmap?, empty: R, _: A.Type = A.self, _ body: (A) -> R?
    ) -> (data: Buffer, validity: Bitmap?) {
        let x = a.values(as: A.self)
        return optional(count, validity, empty: empty) { body(x[$0]) }
    }

    /// Computes a value from each pair where there is one; rows where the body gives nil become null.
    @inline(__always)
    static func binaryOptional<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
        _ a: Column, _ b: Column, _ count: Int, _ validity: Bitmap?, empty: R, _: A.Type = A.self, _: B.Type = B.self,
        _ body: (A, B) -> R?
    ) -> (data: Buffer, validity: Bitmap?) {
        let x = a.values(as: A.self)
        let y = b.values(as: B.self)
        let strideX = a.isConstant ? 0 : 1
        let strideY = b.isConstant ? 0 : 1
        return optional(count, validity, empty: empty) { body(x[$0 &* strideX], y[$0 &* strideY]) }
    }

    /// Fills rows from a body that gives nil for null; rows already null are left empty.
    @inline(__always)
    static func optional<R: BitwiseCopyable>(
        _ count: Int, _ validity: Bitmap?, empty: R, _ body: (Int) -> R?
    ) -> (data: Buffer, validity: Bitmap?) {
        let buffer = Buffer(capacity: count * MemoryLayout<R>.stride)
        let target = buffer.pointer(to: R.self)
        var failures: Bitmap?
        var row = 0
        while row < count {
            let end = min(row &+ 64, count)
            let valid = validity?.words[row >> 6] ?? ~0
            var failed: UInt64 = 0
            let start = row
            while row < end {
                if (valid >> UInt64(row &- start)) & 1 == 0 {
                    target[row] = empty
                } else if let value = body(row) {
                    target[row] = value
                } else {
                    target[row] = empty
                    failed |= 1 << UInt64(row &- start)
                }
                row &+= 1
            }
            if failed != 0 {
                if failures == nil { failures = validity?.copy() ?? Bitmap(count: count, repeating: true) }
                failures!.words[start >> 6] &= ~failed
            }
        }
        return (buffer, failures ?? validity)
    }

    /// Makes the mask of rows for which a body answers 1, ANDed with another; nil when all do.
    @inline(__always)
    static func mask(_ count: Int, and validity: Bitmap?, _ body: (Int) -> UInt64) -> Bitmap? {
        let mask = Bitmap(count: count, repeating: false)
        var missing: UInt64 = 0
        var row = 0
        while row < count {
            let end = min(row &+ 64, count)
            let start = row
            var word: UInt64 = end &- row == 64 ? 0 : ~0 << UInt64(end &- row)
            while row < end {
                word |= body(row) << UInt64(row &- start)
                row &+= 1
            }
            missing |= ~word
            mask.words[start >> 6] = word
        }
        if missing == 0 { return validity }
        return Bitmap.intersection(mask, validity, count: count)
    }
}
