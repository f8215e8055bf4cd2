//! A simulated Microsoft Graph and Entra sign-in for agent users: a fake, for tests and rehearsals.
