//! Programs that sign-ins are for.

use agentuser::Remark;
use agentuser::sign_in::{DemandAnswer, MeetFuture, SignInDemand, SignInHost};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Meets no demand, and keeps the remarks.
#[derive(Debug, Default)]
pub struct Deaf(Mutex<Vec<Remark>>);

impl Deaf {
    pub fn remarks(&self) -> Vec<Remark> {
        self.0.lock().unwrap().clone()
    }
}

impl SignInHost for Deaf {
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        Box::pin(async move { Err(demand.unmet()) })
    }

    fn remark(&self, remark: Remark) {
        self.0.lock().unwrap().push(remark);
    }
}

/// Answers each demand with the next of these texts, and keeps what was asked.
#[derive(Debug)]
pub struct Answers {
    answers: Mutex<Vec<String>>,
    asked: Mutex<Vec<String>>,
}

impl Answers {
    pub fn of(mut answers: Vec<String>) -> Self {
        answers.reverse();
        Self { answers: Mutex::new(answers), asked: Mutex::default() }
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl SignInHost for Answers {
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        let asked = match &demand {
            SignInDemand::Token(request) => format!("token for {}", request.scope),
            SignInDemand::Assertion { client_id, audience } => {
                format!("assertion for {client_id} of {audience}")
            }
            SignInDemand::UserToken { blueprint, claims: None } => format!("user token for {blueprint}"),
            SignInDemand::UserToken { claims: Some(claims), .. } => format!("user token with {claims}"),
            other => format!("{other:?}"),
        };
        self.asked.lock().unwrap().push(asked);
        let answer = self.answers.lock().unwrap().pop();
        Box::pin(async move {
            answer.map(|text| DemandAnswer::new(text.into_bytes())).ok_or_else(|| demand.unmet())
        })
    }
}

/// Signs with a key of its own, as a key vault does.
#[derive(Debug)]
pub struct Signer {
    key: RsaKeyPair,
    signed: AtomicUsize,
}

impl Signer {
    pub fn new(pem: &str) -> Self {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
        let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
        Self { key, signed: AtomicUsize::new(0) }
    }

    pub fn signed(&self) -> usize {
        self.signed.load(Ordering::Relaxed)
    }
}

impl SignInHost for Signer {
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        Box::pin(async move {
            let SignInDemand::Signature { input, .. } = demand else { return Err(demand.unmet()) };
            self.signed.fetch_add(1, Ordering::Relaxed);
            let mut signature = vec![0; self.key.public().modulus_len()];
            self.key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), &input, &mut signature).unwrap();
            Ok(DemandAnswer::new(signature))
        })
    }
}
