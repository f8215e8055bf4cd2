using System;
using System.Runtime.InteropServices;

namespace AgentUsers;

/// <summary>A handle of the native library, freed once and not while a call uses it.</summary>
internal abstract class NativeHandle : SafeHandle
{
    protected NativeHandle(IntPtr owned)
        : base(IntPtr.Zero, ownsHandle: true) => SetHandle(owned);

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected static NativeFunctions Functions => NativeFunctions.Instance;

    /// <summary>Keeps the handle from being freed until the lease is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The handle was freed.</exception>
    internal Lease Borrow() => new(this);

    internal readonly ref struct Lease
    {
        private readonly NativeHandle _owner;

        internal Lease(NativeHandle owner)
        {
            bool added = false;
            owner.DangerousAddRef(ref added);
            _owner = owner;
        }

        internal IntPtr Pointer => _owner.DangerousGetHandle();

        public void Dispose() => _owner.DangerousRelease();
    }
}
